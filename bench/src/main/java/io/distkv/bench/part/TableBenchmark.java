package io.distkv.bench.part;

import io.distkv.base.Version;
import io.distkv.platform.RealDisk;
import io.distkv.storage.cache.BlockCache;
import io.distkv.storage.table.Compression;
import io.distkv.storage.table.EntryCursor;
import io.distkv.storage.table.EntryKind;
import io.distkv.storage.table.KeyHash;
import io.distkv.storage.table.Lookup;
import io.distkv.storage.table.TableOptions;
import io.distkv.storage.table.TableReader;
import io.distkv.storage.table.TableWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Reads from one table of a hundred thousand entries, which the file cache holds. */
@State(Scope.Thread)
public class TableBenchmark {
  private static final long CACHE_BYTES = 256L << 20;

  /** How the blocks are compressed. */
  @Param({"LZ4"})
  @SuppressWarnings("NullAway.Init")
  public Compression compression;

  private final byte[][] keys = Keys.shuffled();
  private final byte[][] absent = new byte[Keys.COUNT][];
  private final Lookup lookup = new Lookup();
  private int next;

  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @SuppressWarnings("NullAway.Init")
  private TableReader cached;

  @SuppressWarnings("NullAway.Init")
  private TableReader uncached;

  @SuppressWarnings("NullAway.Init")
  private EntryCursor cold;

  /** Writes the table and reads all of it into the cache. */
  @Setup
  public void write() throws IOException {
    folder = Files.createTempDirectory("bench-parts-");
    RealDisk disk = new RealDisk(folder);
    byte[] value = Keys.value();
    try (TableWriter writer = new TableWriter(disk, "table", TableOptions.of(compression))) {
      for (byte[] key : Keys.sorted()) {
        writer.add(key, 0, key.length, 1, EntryKind.VALUE, 0, value, 0, value.length);
      }
      writer.finish();
    }
    for (int i = 0; i < absent.length; i++) {
      // Between two keys that are there: only the filter can tell at once.
      absent[i] =
          (new String(keys[i], StandardCharsets.US_ASCII) + "s")
              .getBytes(StandardCharsets.US_ASCII);
    }
    cached = TableReader.open(disk, "table", 1, new BlockCache(CACHE_BYTES));
    uncached = TableReader.open(disk, "table", 2, new BlockCache(0));
    cold = uncached.cursor(false);
    for (byte[] key : keys) {
      if (find(key) != Lookup.Outcome.FOUND) {
        throw new IllegalStateException("a key is lost");
      }
    }
  }

  /** Deletes the table. */
  @TearDown
  public void delete() throws IOException {
    cached.close();
    uncached.close();
    Files.delete(folder.resolve("table"));
    Files.delete(folder);
  }

  private Lookup.Outcome find(byte[] key) throws IOException {
    return cached.get(
        key, 0, key.length, KeyHash.of(key, 0, key.length), Version.LATEST, false, lookup);
  }

  private int advance() {
    next = next + 1 < keys.length ? next + 1 : 0;
    return next;
  }

  /** Finds a key by filter, index and block, all of them in the block cache. */
  @Benchmark
  public Lookup.Outcome getCached() throws IOException {
    return find(keys[advance()]);
  }

  /** Is told by the filter that a key is not there. */
  @Benchmark
  public Lookup.Outcome filterAbsent() throws IOException {
    return find(absent[advance()]);
  }

  /**
   * Reads, checks, decompresses and searches the blocks on the way to a key, none of them cached.
   */
  @Benchmark
  public boolean decodeBlock() throws IOException {
    byte[] key = keys[advance()];
    return cold.seek(key, 0, key.length, Version.LATEST);
  }
}
