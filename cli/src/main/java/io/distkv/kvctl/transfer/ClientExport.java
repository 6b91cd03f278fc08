package io.distkv.kvctl.transfer;

import io.distkv.client.DistKv;
import io.distkv.client.DistKvException;
import io.distkv.client.Keyspace;
import io.distkv.client.Scan;
import io.distkv.client.ScanOptions;
import io.distkv.client.codec.Codecs;
import io.distkv.kvctl.Kvctl;
import io.distkv.kvctl.LocalFiles;
import io.distkv.kvctl.Progress;
import io.distkv.kvctl.store.AsOf;
import io.distkv.kvctl.store.ClientFailures;
import io.distkv.kvctl.store.KeyspaceNumbers;
import io.distkv.kvctl.store.Selection;
import io.distkv.kvctl.text.Glob;
import io.distkv.kvctl.wire.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The entries of a scan by the Java client, which come sorted, with value and time to live. */
final class ClientExport implements EntrySource {
  private static final long LOOK_EVERY_ENTRIES = 256;

  private final Kvctl kvctl;
  private final Target target;
  private final Scan<io.distkv.client.Entry<byte[], byte[]>> scan;
  private final @Nullable Glob glob;
  private final EntryWriter writer;
  private final Path destination;
  private final boolean withTtl;
  private long written;

  ClientExport(
      Kvctl kvctl,
      Selection selection,
      @Nullable AsOf asOf,
      EntryWriter writer,
      Path destination,
      boolean withTtl) {
    this.kvctl = kvctl;
    this.writer = writer;
    this.destination = destination;
    this.withTtl = withTtl;
    this.glob = selection instanceof Selection.Like(byte[] like) ? new Glob(like) : null;
    DistKv client = kvctl.client("export");
    this.target = KeyspaceNumbers.named(client, kvctl.target());
    Keyspace<byte[], byte[]> keyspace =
        client.keyspace(target.keyspace(), Codecs.bytes(), Codecs.bytes());
    this.scan = keyspace.scan(range -> range(range, selection.prefix(), asOf));
  }

  private static ScanOptions<byte[]> range(
      ScanOptions<byte[]> all, byte[] prefix, @Nullable AsOf asOf) {
    ScanOptions<byte[]> range = prefix.length == 0 ? all : all.prefix(prefix);
    return asOf == null ? range : asOf.of(range);
  }

  @Override
  public void writeAll() {
    try (Progress progress = new Progress(kvctl, "kvctl export", "keys", -1, " keys", 1)) {
      while (scan.hasNext()) {
        io.distkv.client.Entry<byte[], byte[]> entry = scan.next();
        if (glob == null || glob.matches(entry.key())) {
          write(entry);
          if (written % LOOK_EVERY_ENTRIES == 0) {
            progress.update(written, written);
          }
        }
      }
      progress.update(written, written);
    } catch (DistKvException e) {
      throw ClientFailures.failure("export", target, e);
    }
  }

  private void write(io.distkv.client.Entry<byte[], byte[]> entry) {
    Optional<Duration> left = withTtl ? entry.lifeLeft() : Optional.empty();
    try {
      // 0 is less than a millisecond left; in a file it would mean for ever.
      long ttlMillis = left.map(life -> Math.max(1, life.toMillis())).orElse(0L);
      writer.write(new Entry(entry.key(), entry.value(), ttlMillis));
    } catch (IOException e) {
      throw LocalFiles.failure("write", destination, e);
    }
    written++;
  }

  @Override
  public long written() {
    return written;
  }

  /** What is listed comes with its value. */
  @Override
  public long gone() {
    return 0;
  }

  /** All values of a node are byte strings. */
  @Override
  public long foreign() {
    return 0;
  }

  @Override
  public void close() {
    scan.close();
  }
}
