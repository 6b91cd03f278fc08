package io.distkv.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distkv.server.trace.CollectedTraces;
import io.distkv.server.trace.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.Test;

/** What the collector of traces gets to see of HTTP requests. */
class TracedRequestsTest extends HttpTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00-" + TRACE + "-00f067aa0ba902b7-01";

  private final CollectedTraces traces = new CollectedTraces();

  @Override
  Tracing tracing() {
    return traces.tracing();
  }

  private String onlyTree() {
    await().until(() -> !traces.trees().isEmpty());
    assertThat(traces.trees()).hasSize(1);
    return traces.trees().getFirst();
  }

  @Test
  void aWriteIsFollowedToTheJournalAndBack() throws Exception {
    put("/v1/keyspaces/default/keys/secret", "v", "traceparent", CALLER);
    assertThat(onlyTree())
        .startsWith("PUT /v1/keyspaces/{keyspace}/keys/{key}[command kv.put[")
        .contains("admit, journal, apply");
    SpanData request = traces.spans().getLast();
    assertThat(traces.spans()).allMatch(span -> span.getTraceId().equals(TRACE));
    assertThat(traces.spans()).noneMatch(span -> span.toString().contains("secret"));
    assertThat(request.getAttributes()).isNotNull();
  }

  @Test
  void aReadInPlaceIsASpanOfItsOwn() throws Exception {
    put("/v1/keyspaces/default/keys/k", "v");
    traces.tracing().setShare(1);
    get("/v1/keyspaces/default/keys/k");
    assertThat(onlyTree()).isEqualTo("GET /v1/keyspaces/{keyspace}/keys/{key}");
  }

  @Test
  void whatGoesWrongHasItsStatus() throws Exception {
    traces.tracing().setShare(1);
    get("/v1/keyspaces/nosuch/keys/k");
    onlyTree();
    SpanData request = traces.spans().getFirst();
    assertThat(request.getAttributes().get(AttributeKey.stringKey("distkv.status")))
        .isEqualTo("404");
  }

  @Test
  void pagesOfTheProcessAreNotTold() throws Exception {
    traces.tracing().setShare(1);
    get("/healthz");
    get("/metrics");
    get("/nothing-here");
    get("/v1/keyspaces/default/keys/k");
    assertThat(onlyTree()).startsWith("GET /v1/");
  }
}
