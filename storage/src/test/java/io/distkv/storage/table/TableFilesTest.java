package io.distkv.storage.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.base.ForwardingDisk;
import io.distkv.platform.RealDisk;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.cache.BlockCache;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files of tables are open. */
class TableFilesTest {
  private static final int TABLES = 8;
  private static final int ENTRIES = 200;

  @TempDir private Path folder;
  private Watched disk;

  /** Counts open files, and runs something in the middle of a read. */
  private static final class Watched extends ForwardingDisk {
    private final AtomicInteger open = new AtomicInteger();
    private volatile Runnable duringRead = () -> {};

    Watched(Disk disk) {
      super(disk);
    }

    @Override
    protected DiskFile wrap(String path, DiskFile file) {
      open.incrementAndGet();
      return new File(path, file) {
        @Override
        public int read(ByteBuffer target, long position) throws IOException {
          Runnable now = duringRead;
          duringRead = () -> {};
          now.run();
          return super.read(target, position);
        }

        @Override
        public void close() throws IOException {
          open.decrementAndGet();
          super.close();
        }
      };
    }
  }

  @BeforeEach
  void write() throws IOException {
    disk = new Watched(new RealDisk(folder));
    for (int table = 0; table < TABLES; table++) {
      try (TableWriter writer =
          new TableWriter(disk, "t" + table, TableOptions.of(Compression.NONE))) {
        for (int i = 0; i < ENTRIES; i++) {
          byte[] value = (table + " has " + i).getBytes(UTF_8);
          Entry.value(key(i), 1, 0, value).addTo(writer);
        }
        writer.finish();
      }
    }
    assertThat(disk.open).hasValue(0);
  }

  private static byte[] key(int i) {
    return "key %06d".formatted(i).getBytes(UTF_8);
  }

  private List<TableReader> open(TableFiles files) throws IOException {
    List<TableReader> readers = new ArrayList<>();
    for (int table = 0; table < TABLES; table++) {
      readers.add(TableReader.open(disk, "t" + table, table, new BlockCache(0), files));
    }
    return readers;
  }

  private static String read(TableReader reader, int i) throws IOException {
    Lookup lookup = new Lookup();
    byte[] key = key(i);
    assertThat(reader.get(key, 0, key.length, KeyHash.of(key, 0, key.length), 1, false, lookup))
        .isEqualTo(Lookup.Outcome.FOUND);
    return new String(lookup.valueArray(), lookup.valueOffset(), lookup.valueLength(), UTF_8);
  }

  @Test
  void whatIsReadOftenStaysOpen() throws IOException {
    TableFiles files = new TableFiles(3);
    List<TableReader> readers = open(files);
    for (int round = 0; round < 20; round++) {
      read(readers.get(0), round);
      read(readers.get(1 + round % (TABLES - 1)), round);
    }
    assertThat(files.statistics().open()).isEqualTo(3);
    assertThat(disk.open).hasValue(3);
    // Each of the others was opened once for each of its turns, the first table only twice or so.
    assertThat(files.statistics().opened()).isBetween(TABLES + 10L, TABLES + 24L);
  }

  @Test
  void aFileIsClosedByItsLastReaderIfItMustGoMeanwhile() throws IOException {
    List<TableReader> readers = open(new TableFiles(1));
    disk.duringRead =
        () -> {
          try {
            for (int table = 1; table < TABLES; table++) {
              assertThat(read(readers.get(table), 5)).isEqualTo(table + " has 5");
            }
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          assertThat(disk.open).as("one that is read, one within the bound").hasValue(2);
        };
    assertThat(read(readers.get(0), 7)).isEqualTo("0 has 7");
    assertThat(disk.open).hasValue(1);
  }

  @Test
  void aFileThatIsGoneWhenItIsOpenedAgainIsDamage() throws IOException {
    List<TableReader> readers = open(new TableFiles(1));
    read(readers.get(1), 1);
    disk.delete("t0");
    assertThatThrownBy(() -> read(readers.get(0), 1))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("t0")
        .hasMessageContaining("missing");
  }

  @Test
  void aFileThatIsKeptOpenNeedsNoName() throws IOException {
    TableFiles files = new TableFiles(1);
    List<TableReader> readers = open(files);
    readers.get(0).keepOpen();
    disk.delete("t0");
    for (int table = 0; table < TABLES; table++) {
      read(readers.get(table), 1);
    }
    assertThat(read(readers.get(0), 1)).isEqualTo("0 has 1");
    assertThat(disk.open).hasValue(2);
    for (TableReader reader : readers) {
      reader.close();
    }
    assertThat(disk.open).hasValue(0);
    assertThat(files.statistics().open()).isZero();
  }

  @Test
  void aClosedTableIsNotOpenedAgain() throws IOException {
    List<TableReader> readers = open(new TableFiles(1));
    readers.get(0).close();
    assertThatThrownBy(() -> read(readers.get(0), 1)).hasMessageContaining("t0 is closed");
  }

  @Test
  void manyThreadsShareFewFiles() throws Exception {
    List<TableReader> readers = open(new TableFiles(2));
    List<Future<?>> ends = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int thread = 0; thread < 4; thread++) {
        Random random = new Random(thread);
        ends.add(
            threads.submit(() -> {
              for (int i = 0; i < 2_000; i++) {
                int table = random.nextInt(TABLES);
                int entry = random.nextInt(ENTRIES);
                assertThat(read(readers.get(table), entry)).isEqualTo(table + " has " + entry);
              }
              return null;
            }));
      }
    }
    for (Future<?> end : ends) {
      requireDone(end);
    }
    assertThat(disk.open).hasValue(2);
    for (TableReader reader : readers) {
      reader.close();
    }
    assertThat(disk.open).hasValue(0);
  }

  private static void requireDone(Future<?> end) throws InterruptedException {
    try {
      end.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  @Test
  void aBoundOfNoneIsRefused() {
    assertThatThrownBy(() -> new TableFiles(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
