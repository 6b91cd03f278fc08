package io.distkv.storage.tree;

import static io.distkv.storage.tree.TreeReads.bytes;
import static io.distkv.storage.tree.TreeReads.read;
import static io.distkv.storage.tree.TreeReads.small;
import static io.distkv.storage.tree.TreeReads.tables;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.Version;
import io.distkv.storage.MemoryDisk;
import io.distkv.storage.tree.TestReplica.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of the past a tree keeps, and for how long. */
class TreeHistoryTest {
  private static final String DIRECTORY = "data/replica";

  private final MemoryDisk disk = new MemoryDisk();

  @Test
  void thePastIsReadableAsFarAsHistoryGoes() throws IOException, HistoryGoneException {
    TestReplica replica = new TestReplica(disk, small().withHistoryMillis(1_000));
    for (int second = 1; second <= 10; second++) {
      replica.put("k", "at " + second, TestReplica.version(second * 1_000L));
      replica.flush();
    }
    replica.compact();
    try (Snapshot snapshot = replica.tree.snapshot(TestReplica.version(9_500))) {
      assertThat(read(snapshot, "k")).isEqualTo("at 9");
    }
    assertThatThrownBy(() -> replica.tree.snapshot(TestReplica.version(5_000)))
        .isInstanceOf(HistoryGoneException.class)
        .hasMessageContaining("oldest readable");
    replica.reopen(3);
    try (Snapshot snapshot = replica.tree.snapshot(TestReplica.version(9_500))) {
      assertThat(read(snapshot, "k")).isEqualTo("at 9");
    }
    assertThatThrownBy(() -> replica.tree.snapshot(TestReplica.version(5_000)))
        .isInstanceOf(HistoryGoneException.class);
  }

  @Test
  void expiredValuesLeaveTheDisk() throws IOException {
    TestReplica replica = new TestReplica(disk, small());
    for (int i = 0; i < 1_000; i++) {
      byte[] key = bytes("k" + i);
      replica.commit(TestReplica.version(1_000) + i, List.of(new Write(key, bytes("v"), 5_000)));
    }
    replica.flush();
    assertThat(tables(replica.tree)).isPositive();
    replica.put("other", "x", TestReplica.version(4_999));
    replica.flush();
    assertThat(read(replica.tree, "k7")).isEqualTo("v");
    replica.put("other", "y", TestReplica.version(5_000) + 7);
    replica.flush();
    assertThat(read(replica.tree, "k7")).as("in its last millisecond").isEqualTo("v");
    replica.put("other", "z", TestReplica.version(5_001));
    replica.flush();
    assertThat(read(replica.tree, "k7")).isNull();
    long entries =
        replica.tree.statistics().levels().stream()
            .mapToLong(TreeStatistics.LevelStatistics::entries)
            .sum();
    assertThat(entries).isLessThan(5);
  }

  @Test
  void aMillionTombstonesDoNotStayInTheWay() throws IOException {
    TestReplica replica = new TestReplica(disk, TreeOptions.DEFAULT);
    int count = 1_000_000;
    long version = 1;
    for (int i = 0; i < count; i += 1_000) {
      List<Write> writes = new ArrayList<>();
      for (int j = i; j < i + 1_000; j++) {
        writes.add(new Write(bytes(String.format("%08d", j)), bytes("v"), 0));
      }
      replica.commit(version++, writes);
    }
    replica.put("99999999", "live", version++);
    for (int i = 0; i < count; i += 1_000) {
      List<Write> writes = new ArrayList<>();
      for (int j = i; j < i + 1_000; j++) {
        writes.add(new Write(bytes(String.format("%08d", j)), null, 0));
      }
      replica.commit(version++, writes);
      replica.sync();
      replica.world.runAll();
    }
    TreeStatistics statistics = replica.tree.statistics();
    long tombstones =
        statistics.levels().stream().mapToLong(TreeStatistics.LevelStatistics::tombstones).sum();
    assertThat(tombstones).isZero();
    assertThat(statistics.memtableBytes()).isLessThan(32 << 20);
    Cursor cursor = replica.tree.cursor(KeyRange.ALL, Version.LATEST);
    assertThat(cursor.seekToFirst()).isTrue();
    assertThat(cursor.key()).isEqualTo(bytes("99999999"));
  }

  @Test
  void aClearThatACrashOvertookIsDoneAgain() throws IOException {
    TestReplica replica = new TestReplica(disk, small());
    for (int i = 0; i < 100; i++) {
      replica.put("k" + i, "v", i + 1);
    }
    replica.flush();
    replica.commit(200, List.of(new Write(null, null, 0), new Write(bytes("k1"), bytes("w"), 0)));
    replica.sync();
    replica.crash(2);
    assertThat(replica.tree.applied().index()).isEqualTo(100);
    assertThat(read(replica.tree, "k1")).isEqualTo("w");
    assertThat(read(replica.tree, "k2")).isNull();
    replica.world.runAll();
    assertThat(replica.tree.applied().index()).isEqualTo(101);
    assertThat(disk.list(DIRECTORY).stream().filter(name -> name.endsWith(".sst"))).hasSize(1);
    replica.reopen(3);
    assertThat(read(replica.tree, "k1")).isEqualTo("w");
    assertThat(read(replica.tree, "k2")).isNull();
    assertThatThrownBy(() -> replica.tree.snapshot(150)).isInstanceOf(HistoryGoneException.class);
  }

  /**
   * A table's horizon was reckoned from what was published, which a crash may take back: then the
   * past was gone although the log's time had not come so far.
   */
  @Test
  void historyIsReckonedFromWhatNoCrashTakesBack() throws IOException, HistoryGoneException {
    TestReplica replica = new TestReplica(disk, small().withHistoryMillis(1_000));
    replica.put("k", "first", TestReplica.version(10_000));
    replica.sync();
    replica.tree.flush(why -> {});
    replica.put("k", "second", TestReplica.version(10_100));
    replica.sync();
    replica.tree.flush(why -> {});
    replica.put("k", "never synced", TestReplica.version(20_000));
    replica.world.runAll();
    assertThat(replica.tree.applied().index()).isEqualTo(2);
    replica.crash(2);
    replica.put("k", "third", TestReplica.version(10_200));
    try (Snapshot snapshot = replica.tree.snapshot(TestReplica.version(10_050))) {
      assertThat(read(snapshot, "k")).isEqualTo("first");
    }
  }
}
