package io.distkv.server.metrics;

import static io.distkv.server.metrics.Snapshots.count;
import static io.distkv.server.metrics.Snapshots.gauge;

import io.distkv.base.Clock;
import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.base.ForwardingDisk;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * A disk that counts what is read, written and synced on it, by the kind of file. Each of these
 * costs a system call, beside which the counting vanishes.
 */
public final class MeasuredDisk extends ForwardingDisk implements MetricSource {
  private final Clock clock;
  private final Traffic journal = new Traffic("journal");
  private final Traffic tables = new Traffic("table");
  private final Traffic others = new Traffic("other");

  public MeasuredDisk(Disk disk, Clock clock) {
    super(disk);
    this.clock = clock;
  }

  /** What happened to the files of one kind. */
  private static final class Traffic {
    private final String kind;
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();
    private final LatencyCounters syncs = new LatencyCounters();

    Traffic(String kind) {
      this.kind = kind;
    }

    /** Syncs of one kind may be under way on several threads; they are rare enough for a lock. */
    synchronized void synced(long nanos) {
      syncs.record(nanos);
    }

    HistogramDataPointSnapshot latencies() {
      Number[] counts = new Number[LatencyCounters.CLASSES];
      for (int i = 0; i < counts.length; i++) {
        counts[i] = syncs.count(i);
      }
      return HistogramDataPointSnapshot.builder()
          .classicHistogramBuckets(
              ClassicHistogramBuckets.of(LatencyCounters.boundsSeconds(), counts))
          .sum(syncs.sumNanos() / 1e9)
          .labels(Labels.of("files", kind))
          .build();
    }
  }

  private Traffic traffic(String path) {
    if (path.startsWith("journal")) {
      return journal;
    }
    return path.endsWith(".sst") ? tables : others;
  }

  @Override
  public void collect(Consumer<MetricSnapshot> into) {
    CounterSnapshot.Builder read =
        CounterSnapshot.builder().name("distkv_disk_read_bytes").help("Bytes read from files");
    CounterSnapshot.Builder written =
        CounterSnapshot.builder().name("distkv_disk_written_bytes").help("Bytes written to files");
    HistogramSnapshot.Builder syncs =
        HistogramSnapshot.builder()
            .name("distkv_disk_sync_seconds")
            .help("Time that it took to make what was written durable");
    for (Traffic traffic : List.of(journal, tables, others)) {
      read.dataPoint(count(traffic.bytesRead.sum(), "files", traffic.kind));
      written.dataPoint(count(traffic.bytesWritten.sum(), "files", traffic.kind));
      syncs.dataPoint(traffic.latencies());
    }
    into.accept(read.build());
    into.accept(written.build());
    into.accept(syncs.build());
    try {
      into.accept(gauge("distkv_disk_usable_bytes", "Space left on the disk", disk.usableBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected DiskFile wrap(String path, DiskFile file) {
    return new MeasuredFile(path, file);
  }

  private final class MeasuredFile extends File {
    private final Traffic traffic;

    MeasuredFile(String path, DiskFile file) {
      super(path, file);
      traffic = traffic(path);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      int bytes = super.read(target, position);
      traffic.bytesRead.add(bytes);
      return bytes;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      int bytes = source.remaining();
      super.write(source, position);
      traffic.bytesWritten.add(bytes);
    }

    @Override
    public void sync() throws IOException {
      long began = clock.monotonicNanos();
      super.sync();
      traffic.synced(clock.monotonicNanos() - began);
    }
  }
}
