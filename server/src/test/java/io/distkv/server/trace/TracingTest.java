package io.distkv.server.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.platform.SystemClock;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which requests are traced, and whose traces they belong to. */
class TracingTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  private final CollectedTraces traces = new CollectedTraces();

  private static Tracing.Headers from(String traceparent) {
    return Map.of("traceparent", traceparent)::get;
  }

  private int traced(int requests) {
    int traced = 0;
    for (int i = 0; i < requests; i++) {
      traced += traces.tracing().begin("resp") == null ? 0 : 1;
    }
    return traced;
  }

  @Test
  void aShareOfTheRequestsIsTraced() {
    assertThat(traced(10_000)).isZero();
    traces.tracing().setShare(1);
    assertThat(traced(10_000)).isEqualTo(10_000);
    traces.tracing().setShare(0.25);
    // Further off than this about once in 10^14 runs.
    assertThat(traced(100_000)).isBetween(24_000, 26_000);
    traces.tracing().setShare(0);
    assertThat(traced(10_000)).isZero();
  }

  @Test
  void theCallerDecides() {
    Tracing tracing = traces.tracing();
    tracing.setShare(1);
    assertThat(tracing.begin("http", from("00-" + TRACE + "-" + SPAN + "-00"))).isNull();
    tracing.setShare(0);
    RequestTrace trace =
        Objects.requireNonNull(tracing.begin("http", from("00-" + TRACE + "-" + SPAN + "-01")));
    trace.end("GET /", "200", false);
    SpanData span = traces.spans().getFirst();
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo(SPAN);
    tracing.setFollowsCallers(false);
    assertThat(tracing.begin("http", from("00-" + TRACE + "-" + SPAN + "-01"))).isNull();
  }

  @Test
  void whatIsNoTraceContextIsIgnored() {
    Tracing tracing = traces.tracing();
    for (String wrong :
        new String[] {
          "",
          "00",
          "00-" + "0".repeat(32) + "-" + SPAN + "-01",
          "00-" + TRACE + "-" + "0".repeat(16) + "-01",
          "ff-" + TRACE + "-" + SPAN + "-01",
          "00-" + TRACE.toUpperCase(Locale.ROOT) + "x-" + SPAN + "-01",
          "\u0000\u0000-\u00ff",
          "x".repeat(10_000)
        }) {
      assertThat(tracing.begin("http", from(wrong))).as(wrong).isNull();
    }
    tracing.setShare(1);
    assertThat(tracing.begin("http", from("00-nonsense"))).isNotNull();
  }

  @Test
  void offTracesNothing() {
    try (Tracing off = Tracing.off(new SystemClock())) {
      off.setShare(1);
      off.setFollowsCallers(true);
      assertThat(off.begin("resp")).isNull();
      assertThat(off.begin("http", from("00-" + TRACE + "-" + SPAN + "-01"))).isNull();
      assertThat(off.metrics()).isNull();
    }
  }

  @Test
  void aRequestEndsOnce() {
    traces.tracing().setShare(1);
    RequestTrace trace = Objects.requireNonNull(traces.tracing().begin("http"));
    trace.end("GET /", "200", false);
    trace.end("GET /", "500", true);
    assertThat(traces.trees()).containsExactly("GET /");
  }
}
