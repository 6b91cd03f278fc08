package io.distkv.server.metrics;

import static io.distkv.server.metrics.Snapshots.count;
import static io.distkv.server.metrics.Snapshots.gauge;

import io.distkv.base.Clock;
import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
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
public final class MeasuredDisk implements Disk, MetricSource {
  private final Disk disk;
  private final Clock clock;
  private final Traffic journal = new Traffic("journal");
  private final Traffic tables = new Traffic("table");
  private final Traffic others = new Traffic("other");

  public MeasuredDisk(Disk disk, Clock clock) {
    this.disk = disk;
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
  public DiskFile create(String path) throws IOException {
    return new MeasuredFile(disk.create(path), traffic(path));
  }

  @Override
  public DiskFile open(String path) throws IOException {
    return new MeasuredFile(disk.open(path), traffic(path));
  }

  @Override
  public DiskFile openReadOnly(String path) throws IOException {
    return new MeasuredFile(disk.openReadOnly(path), traffic(path));
  }

  @Override
  public boolean exists(String path) throws IOException {
    return disk.exists(path);
  }

  @Override
  public List<String> list(String directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public void createDirectories(String directory) throws IOException {
    disk.createDirectories(directory);
  }

  @Override
  public void delete(String path) throws IOException {
    disk.delete(path);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void link(String existing, String additional) throws IOException {
    disk.link(existing, additional);
  }

  @Override
  public void syncDirectory(String directory) throws IOException {
    disk.syncDirectory(directory);
  }

  @Override
  public long usableBytes() throws IOException {
    return disk.usableBytes();
  }

  private final class MeasuredFile implements DiskFile {
    private final DiskFile file;
    private final Traffic traffic;

    MeasuredFile(DiskFile file, Traffic traffic) {
      this.file = file;
      this.traffic = traffic;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      int bytes = file.read(target, position);
      traffic.bytesRead.add(bytes);
      return bytes;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      int bytes = source.remaining();
      file.write(source, position);
      traffic.bytesWritten.add(bytes);
    }

    @Override
    public void sync() throws IOException {
      long began = clock.monotonicNanos();
      file.sync();
      traffic.synced(clock.monotonicNanos() - began);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
      file.truncate(sizeBytes);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
