package io.distkv.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.Health;
import io.distkv.platform.SystemClock;
import io.distkv.server.metrics.JvmMetrics;
import io.distkv.server.trace.Tracing;
import io.distkv.storage.Damage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpEndpointTest {
  private volatile Health health = Health.STARTING;
  private volatile List<Damage> damages = List.of();
  private final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
  private final HttpEndpoint endpoint =
      HttpEndpoint.start(
          HttpTest.options(16, 1 << 20, 1 << 20, 1 << 20, Duration.ofSeconds(30), List.of()),
          () -> health,
          () -> damages,
          Tracing.off(new SystemClock()),
          wrong::add);

  @AfterEach
  void stop() {
    endpoint.close();
    assertThat(wrong).isEmpty();
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
  void damagedFilesAreNamedAndTheNodeStaysReady() throws Exception {
    health = Health.READY;
    damages = List.of(new Damage("replicas/a/1.sst", 7, "checksum"), new Damage("b", 0, "missing"));
    for (String page : List.of("/readyz", "/healthz")) {
      assertThat(get(page).statusCode()).isEqualTo(200);
      assertThat(get(page).body())
          .isEqualTo(
              """
              ready
              damaged files: 2; see Damage in docs/operations.md
              replicas/a/1.sst at byte 7: checksum
              b at byte 0: missing
              """);
    }
  }

  @Test
  void notMoreThanTwentyDamagedFilesAreNamed() throws Exception {
    damages = IntStream.range(0, 25).mapToObj(i -> new Damage("t" + i, 0, "gone")).toList();
    List<String> lines = get("/healthz").body().lines().toList();
    assertThat(lines).hasSize(23).endsWith("t19 at byte 0: gone", "and 5 more");
    assertThat(lines.get(1)).startsWith("damaged files: 25;");
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
  void dataIsNotServedBeforeTheNodeIs() throws Exception {
    HttpResponse<String> early = get("/v1/keyspaces/default/keys/k");
    assertThat(early.statusCode()).isEqualTo(503);
    assertThat(early.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(early.body()).contains("starts or stops");
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void otherPagesDoNotExist() throws Exception {
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
  }
}
