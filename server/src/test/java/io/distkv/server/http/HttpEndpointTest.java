package io.distkv.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.Health;
import io.distkv.server.metrics.JvmMetrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpEndpointTest {
  private volatile Health health = Health.STARTING;
  private final HttpEndpoint endpoint =
      HttpEndpoint.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), () -> health);

  @AfterEach
  void stop() {
    endpoint.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + endpoint.address().getPort() + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }

  @Test
  void healthFollowsTheNode() throws Exception {
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").body()).isEqualTo("starting\n");
    health = Health.READY;
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    health = Health.FAILED;
    assertThat(get("/healthz").statusCode()).isEqualTo(503);
    assertThat(get("/healthz").body()).isEqualTo("failed\n");
  }

  @Test
  void metricsAreInPrometheusText() throws Exception {
    endpoint.add(new JvmMetrics());
    HttpResponse<String> page = get("/metrics");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
    assertThat(page.body())
        .contains("# TYPE jvm_heap_used_bytes gauge")
        .contains("# TYPE process_cpu_seconds_total counter")
        .containsPattern("jvm_gc_collections_total\\{collector=\"[^\"]+\"} \\d");
  }

  @Test
  void otherPagesDoNotExist() throws Exception {
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
  }
}
