package io.distkv.server.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Clock;
import io.distkv.platform.SystemClock;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Traces that are collected in this process, and shown as trees of names. */
public final class CollectedTraces {
  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final Tracing tracing;

  public CollectedTraces() {
    this(new SystemClock());
  }

  CollectedTraces(Clock clock) {
    tracing = Tracing.into(clock, trace -> exporter.export(Spans.of(trace)));
    tracing.setFollowsCallers(true);
  }

  /** What makes the traces. */
  public Tracing tracing() {
    return tracing;
  }

  /** All spans that have ended. */
  public List<SpanData> spans() {
    return exporter.getFinishedSpanItems();
  }

  /** Forgets them. */
  public void clear() {
    exporter.reset();
  }

  /**
   * Each span whose parent is not here, with those under it in brackets, in the order in which they
   * began; no span may reach out of its parent.
   */
  public List<String> trees() {
    List<String> ids = spans().stream().map(SpanData::getSpanId).toList();
    return spans().stream()
        .filter(span -> !ids.contains(span.getParentSpanId()))
        .sorted(Comparator.comparingLong(SpanData::getStartEpochNanos))
        .map(this::tree)
        .toList();
  }

  private String tree(SpanData span) {
    List<SpanData> under = new ArrayList<>();
    for (SpanData child : spans()) {
      if (child.getParentSpanId().equals(span.getSpanId())) {
        assertThat(child.getTraceId()).isEqualTo(span.getTraceId());
        assertThat(child.getStartEpochNanos()).isGreaterThanOrEqualTo(span.getStartEpochNanos());
        assertThat(child.getEndEpochNanos()).isLessThanOrEqualTo(span.getEndEpochNanos());
        under.add(child);
      }
    }
    under.sort(Comparator.comparingLong(SpanData::getStartEpochNanos));
    List<String> texts = under.stream().map(this::tree).toList();
    return span.getName() + (texts.isEmpty() ? "" : texts.toString());
  }
}
