package io.distkv.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.resps.Slowlog;

/** Traces and slow operations of a node in a process of its own, as its operators see them. */
class TracesProcessTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  @TempDir private Path temporary;

  private static List<String> namesIn(FakeCollector collector, ByteString trace) {
    return collector.spans().stream()
        .filter(span -> span.getTraceId().equals(trace))
        .map(Span::getName)
        .toList();
  }

  @Test
  void tracesReachTheCollector() throws Exception {
    try (FakeCollector collector = new FakeCollector();
        NodeProcess node =
            NodeProcess.start(
                temporary.toRealPath(), "--set", "tracing.endpoint=" + collector.endpoint())) {
      String caller = "00-" + TRACE + "-00f067aa0ba902b7-01";
      try (HttpClient client = HttpClient.newHttpClient()) {
        client.send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:"
                            + node.httpPort()
                            + "/v1/keyspaces/default/keys/greeting"))
                .header("traceparent", caller)
                .PUT(BodyPublishers.ofString("hello"))
                .build(),
            BodyHandlers.discarding());
      }
      ByteString trace = ByteString.copyFrom(HexFormat.of().parseHex(TRACE));
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(namesIn(collector, trace))
                  .contains(
                      "PUT /v1/keyspaces/{keyspace}/keys/{key}",
                      "command kv.put",
                      "journal",
                      "apply"));
      try (Jedis client = new Jedis("127.0.0.1", node.respPort())) {
        client.configSet("tracing.share", "100%");
        client.set("k", "v");
        client.configSet("tracing.share", "0%");
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> collector.spans().stream().anyMatch(span -> span.getName().equals("set")));
      try (InputStream page =
          URI.create("http://127.0.0.1:" + node.httpPort() + "/metrics").toURL().openStream()) {
        assertThat(new String(page.readAllBytes(), US_ASCII))
            .containsPattern("distkv_trace_spans_total\\{result=\"sent\"} [1-9]");
      }
      node.terminate();
      assertThat(node.status()).as(node.errors()).isZero();
    }
  }

  @Test
  void slowOperationsAreShownAndLogged() throws Exception {
    try (NodeProcess node =
        NodeProcess.start(temporary.toRealPath(), "--set", "slowOperation=1us")) {
      try (Jedis client = new Jedis("127.0.0.1", node.respPort())) {
        client.set("basket", "a value that is nobody's business");
        await().until(() -> client.slowlogLen() > 0);
        client.configSet("slowlog-log-slower-than", "0");
        Slowlog slow = client.slowlogGet().getLast();
        assertThat(slow.getArgs()).containsExactly("set", "\"basket\"");
        assertThat(slow.getExecutionTime()).isPositive();
        assertThat(client.configGet("slowlog-max-len")).containsEntry("slowlog-max-len", "128");
        client.slowlogReset();
        assertThat(client.slowlogLen()).isZero();
      }
      node.terminate();
      assertThat(node.status()).as(node.errors()).isZero();
      assertThat(node.errors())
          .contains("slow operation: set \"basket\" took ")
          .contains("journal ")
          .doesNotContain("nobody's business");
    }
  }
}
