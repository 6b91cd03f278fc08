package io.distkv.server.trace;

import static io.distkv.server.metrics.Snapshots.count;

import io.distkv.server.metrics.MetricSource;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Collection;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Counts the spans that a collector has taken and those that it has not. Any thread. */
public final class CountedExporter implements SpanExporter, MetricSource {
  private final SpanExporter exporter;
  private final LongAdder sent = new LongAdder();
  private final LongAdder failed = new LongAdder();

  CountedExporter(SpanExporter exporter) {
    this.exporter = exporter;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    int count = spans.size();
    CompletableResultCode result = exporter.export(spans);
    return result.whenComplete(() -> (result.isSuccess() ? sent : failed).add(count));
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }

  @Override
  public void collect(Consumer<MetricSnapshot> into) {
    into.accept(
        CounterSnapshot.builder()
            .name("distkv_trace_spans")
            .help("Spans that the collector of traces has taken, and those it has not")
            .dataPoint(count(sent.sum(), "result", "sent"))
            .dataPoint(count(failed.sum(), "result", "failed"))
            .build());
  }
}
