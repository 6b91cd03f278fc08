package io.distkv.storage.tree;

import static io.distkv.storage.tree.TreeReads.bytes;
import static io.distkv.storage.tree.TreeReads.read;
import static io.distkv.storage.tree.TreeReads.tables;
import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Version;
import io.distkv.platform.RealDisk;
import io.distkv.storage.table.Lookup;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree of more tables than there may be files open. */
class TreeOpenFilesTest {
  private static final int MOST = 4;
  private static final int KEYS = 3_000;
  private static final String DIRECTORY = "data/replica";

  @TempDir private Path folder;
  private OpenFiles disk;
  private TestReplica replica;

  @BeforeEach
  void fill() {
    disk = new OpenFiles(new RealDisk(folder));
    TreeOptions options =
        new TreeOptions(
            20_000,
            100,
            0,
            TreeOptions.DEFAULT.table(),
            TreeOptions.DEFAULT.compressions(),
            4_000,
            4,
            1 << 20,
            4,
            4_000,
            60_000);
    replica = new TestReplica(1, disk, options, 0, 1 << 30, MOST);
    write("first");
  }

  private void write(String value) {
    for (int i = 0; i < KEYS; i++) {
      replica.put("k" + i, value + " value of " + i, replica.tree.publishedVersion() + 1);
      replica.sync();
      replica.world.runSome(3);
    }
    replica.compact();
    assertThat(tables(replica.tree)).isGreaterThan(10);
  }

  private long openTables() {
    return disk.open().stream().filter(path -> path.endsWith(".sst")).count();
  }

  private long tableFiles() throws IOException {
    return disk.list(DIRECTORY).stream().filter(name -> name.endsWith(".sst")).count();
  }

  @Test
  void readsEverythingWithinTheBound() throws IOException {
    assertThat(openTables()).isEqualTo(MOST);
    for (int i = 0; i < KEYS; i += 7) {
      assertThat(read(replica.tree, "k" + i)).isEqualTo("first value of " + i);
      assertThat(openTables()).isEqualTo(MOST);
    }
    Cursor cursor = replica.tree.cursor(KeyRange.ALL, Version.LATEST);
    int count = 0;
    for (boolean on = cursor.seekToFirst(); on; on = cursor.next()) {
      count++;
    }
    assertThat(count).isEqualTo(KEYS);
    replica.reopen(2);
    assertThat(replica.files.statistics().open()).isEqualTo(MOST);
    assertThat(read(replica.tree, "k17")).isEqualTo("first value of 17");
  }

  @Test
  void aReadThatMayNotTouchTheDiskOpensNothing() throws IOException {
    long opened = replica.files.statistics().opened();
    Lookup lookup = new Lookup();
    for (int i = 0; i < KEYS; i += 7) {
      assertThat(replica.tree.peek(bytes("k" + i), Version.LATEST, lookup))
          .isEqualTo(Lookup.Outcome.COLD);
    }
    assertThat(replica.files.statistics().opened()).isEqualTo(opened);
  }

  @Test
  void aSnapshotReadsTablesThatWereClosedBeforeACompactionReplacedThem() throws IOException {
    Snapshot snapshot = replica.tree.snapshot();
    long before = tableFiles();
    write("second");
    assertThat(tableFiles()).isGreaterThan(tables(replica.tree)).isGreaterThan(before);
    for (int i = 0; i < KEYS; i += 7) {
      assertThat(read(snapshot, "k" + i)).isEqualTo("first value of " + i);
      assertThat(read(replica.tree, "k" + i)).isEqualTo("second value of " + i);
    }
    assertThat(openTables()).isEqualTo(MOST);
    snapshot.close();
    replica.world.runAll();
    assertThat(tableFiles()).isEqualTo(tables(replica.tree));
    assertThat(openTables()).isLessThanOrEqualTo(MOST);
  }

  @Test
  void aSnapshotOutlivesItsTreeAndAllItsFiles() throws IOException {
    Snapshot early = replica.tree.snapshot();
    write("second");
    Snapshot late = replica.tree.snapshot();
    replica.tree.drop(failure -> assertThat(failure).isNull());
    replica.world.runAll();
    assertThat(disk.exists(DIRECTORY)).isFalse();
    for (int i = 0; i < KEYS; i += 7) {
      assertThat(read(early, "k" + i)).isEqualTo("first value of " + i);
      assertThat(read(late, "k" + i)).isEqualTo("second value of " + i);
    }
    early.close();
    late.close();
    replica.world.runAll();
    assertThat(disk.open()).isEmpty();
  }

  @Test
  void aClosedTreeLeavesNothingOpen() throws IOException {
    replica.tree.close(() -> {});
    replica.world.runAll();
    assertThat(disk.open()).isEmpty();
    assertThat(replica.files.statistics().open()).isZero();
  }
}
