package io.distkv.server.metrics;

import static io.distkv.server.metrics.Snapshots.counter;

import io.distkv.storage.tree.TreeListener;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts flushes and compactions, and makes events of them for the flight recorder. */
public final class UpkeepMetrics implements TreeListener, MetricSource {
  private static final Logger LOG = LoggerFactory.getLogger(UpkeepMetrics.class);

  private final LongAdder flushes = new LongAdder();
  private final LongAdder flushedBytes = new LongAdder();
  private final LongAdder flushNanos = new LongAdder();
  private final LongAdder compactions = new LongAdder();
  private final LongAdder compactionBytesRead = new LongAdder();
  private final LongAdder compactionBytesWritten = new LongAdder();
  private final LongAdder compactionNanos = new LongAdder();
  private final LongAdder failures = new LongAdder();

  @Override
  public void flushed(FlushEvent event) {
    flushes.increment();
    flushedBytes.add(event.tableBytes());
    flushNanos.add(event.nanos());
    new io.distkv.server.jfr.FlushEvent(event).commit();
  }

  @Override
  public void compacted(CompactionEvent event) {
    compactions.increment();
    if (!event.moved()) {
      compactionBytesRead.add(event.inputBytes());
      compactionBytesWritten.add(event.outputBytes());
    }
    compactionNanos.add(event.nanos());
    new io.distkv.server.jfr.CompactionEvent(event).commit();
  }

  @Override
  public void upkeepFailed(String directory, IOException why) {
    failures.increment();
    LOG.warn("flush or compaction of {} failed: {}", directory, why.toString());
  }

  @Override
  public void collect(Consumer<MetricSnapshot> into) {
    into.accept(counter("distkv_flushes", "Memtables made into tables", flushes.sum()));
    into.accept(counter("distkv_flush_bytes", "Bytes of those tables", flushedBytes.sum()));
    into.accept(counter("distkv_flush_seconds", "Time in flushes", flushNanos.sum() / 1e9));
    into.accept(counter("distkv_compactions", "Compactions", compactions.sum()));
    into.accept(
        counter("distkv_compaction_read_bytes", "Bytes that they read", compactionBytesRead.sum()));
    into.accept(
        counter(
            "distkv_compaction_written_bytes",
            "Bytes that they wrote",
            compactionBytesWritten.sum()));
    into.accept(
        counter("distkv_compaction_seconds", "Time in compactions", compactionNanos.sum() / 1e9));
    into.accept(
        counter("distkv_upkeep_failures", "Flushes and compactions that failed", failures.sum()));
  }
}
