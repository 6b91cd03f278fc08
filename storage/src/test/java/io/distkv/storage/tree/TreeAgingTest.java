package io.distkv.storage.tree;

import static io.distkv.storage.tree.TreeReads.bytes;
import static io.distkv.storage.tree.TreeReads.read;
import static io.distkv.storage.tree.TreeReads.small;
import static io.distkv.storage.tree.TreeReads.tables;
import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.storage.MemoryDisk;
import io.distkv.storage.tree.TestReplica.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What time alone makes garbage in a tree that nobody writes to. */
class TreeAgingTest {
  private static final long HOUR_NANOS = 3_600_000_000_000L;
  private static final long DAY_NANOS = 24 * HOUR_NANOS;
  private static final String DIRECTORY = "data/replica";

  private final MemoryDisk disk = new MemoryDisk();

  /** Values of one entry, of the same expiry. */
  private static List<Write> values(String prefix, int count, long expiresAtMillis) {
    List<Write> writes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      writes.add(new Write(bytes(prefix + i), bytes("a value"), expiresAtMillis));
    }
    return writes;
  }

  private static TestReplica replica(MemoryDisk disk, TreeOptions options) {
    TestReplica replica = new TestReplica(disk, options);
    replica.keepsTime = true;
    return replica;
  }

  private static long entries(TestReplica replica) {
    return replica.tree.statistics().levels().stream()
        .mapToLong(TreeStatistics.LevelStatistics::entries)
        .sum();
  }

  private long tableFiles() throws IOException {
    return disk.list(DIRECTORY).stream().filter(name -> name.endsWith(".sst")).count();
  }

  @Test
  void expiredValuesLeaveTheDiskWithoutAWrite() throws IOException {
    TestReplica replica = replica(disk, small());
    replica.commit(TestReplica.version(1_000), values("k", 1_000, 5_000));
    replica.compact();
    assertThat(tableFiles()).isPositive();
    assertThat(entries(replica)).isEqualTo(1_000);
    replica.world.runAll(3 * HOUR_NANOS);
    assertThat(entries(replica)).isZero();
    assertThat(tableFiles()).isZero();
    assertThat(replica.timeRequests).isEqualTo(1);
    assertThat(replica.world.timers()).as("timers of a tree without anything that ages").isZero();
  }

  @Test
  void expiredValuesLeaveTheDiskAfterARestart() throws IOException {
    TestReplica replica = replica(disk, small());
    replica.commit(TestReplica.version(1_000), values("k", 1_000, 5_000));
    replica.compact();
    replica.reopen(2);
    replica.world.runAll(3 * HOUR_NANOS);
    assertThat(tableFiles()).isZero();
    replica.reopen(3);
    assertThat(read(replica.tree, "k7")).isNull();
  }

  @Test
  void aTreeWithoutExpiryHasNoTimer() {
    TestReplica replica = replica(disk, small());
    replica.commit(TestReplica.version(1_000), values("lasting", 501, 0));
    replica.commit(TestReplica.version(1_001), values("k", 499, 5_000));
    replica.compact();
    assertThat(replica.world.timers()).isZero();
    assertThat(entries(replica)).isEqualTo(1_000);
  }

  @Test
  void halfOfATableGoesWhenItsTimeHasComeAndTheRestLater() throws IOException {
    TestReplica replica = replica(disk, small());
    replica.commit(TestReplica.version(1_000), values("short", 500, 5_000));
    replica.commit(TestReplica.version(1_001), values("long", 500, 86_400_000));
    replica.compact();
    replica.world.runAll(3 * HOUR_NANOS);
    assertThat(entries(replica)).isEqualTo(500);
    assertThat(read(replica.tree, "long7")).isNotNull();
    replica.world.runAll(DAY_NANOS + 3 * HOUR_NANOS);
    assertThat(entries(replica)).isZero();
    assertThat(replica.timeRequests).isEqualTo(2);
  }

  @Test
  void aLargeTableWaitsLessThanASmallOne() {
    TestReplica replica = replica(disk, TreeOptions.DEFAULT);
    List<Write> large = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      large.add(new Write(bytes("k" + i), noise(i), 5_000));
    }
    replica.commit(TestReplica.version(1_000), large);
    replica.compact();
    replica.world.runAll(HOUR_NANOS / 20);
    assertThat(entries(replica)).isZero();
  }

  private static byte[] noise(int seed) {
    byte[] noise = new byte[600_000];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  @Test
  void overwrittenValuesLeaveTheDiskWhenTheirHistoryHasRunOut() throws IOException {
    TestReplica replica = replica(disk, small().withHistoryMillis(10_000));
    replica.commit(TestReplica.version(1_000), values("k", 100, 0));
    replica.commit(TestReplica.version(2_000), values("k", 100, 0));
    replica.compact();
    assertThat(entries(replica)).isEqualTo(200);
    replica.world.runAll(3 * HOUR_NANOS);
    assertThat(entries(replica)).isEqualTo(100);
    assertThat(read(replica.tree, "k7")).isEqualTo("a value");
    assertThat(replica.world.timers()).isZero();
  }

  @Test
  void whereTimeIsNotGivenItIsAskedForAgainButSeldom() {
    TestReplica replica = replica(disk, small());
    replica.keepsTime = false;
    replica.commit(TestReplica.version(1_000), values("k", 1_000, 5_000));
    replica.compact();
    replica.world.runAll(12 * HOUR_NANOS);
    assertThat(entries(replica)).isEqualTo(1_000);
    assertThat(replica.timeRequests).isBetween(100, 12 * 60);
    replica.keepsTime = true;
    replica.world.runAll(13 * HOUR_NANOS);
    assertThat(entries(replica)).isZero();
  }

  @Test
  void aMemtableThatHoldsTheTimeAlreadyIsFlushedInstead() {
    TestReplica replica = replica(disk, small());
    replica.commit(TestReplica.version(1_000), values("k", 1_000, 5_000));
    replica.compact();
    replica.put("other", "x", TestReplica.version(9_000));
    replica.sync();
    replica.world.runAll(3 * HOUR_NANOS);
    assertThat(replica.timeRequests).isZero();
    assertThat(entries(replica)).isEqualTo(1);
    assertThat(tables(replica.tree)).isEqualTo(1);
  }

  @Test
  void aClosedTreeAsksForNothing() {
    TestReplica replica = replica(disk, small());
    replica.commit(TestReplica.version(1_000), values("k", 1_000, 5_000));
    replica.compact();
    boolean[] closed = {false};
    replica.tree.close(() -> closed[0] = true);
    replica.world.runAll(3 * HOUR_NANOS);
    assertThat(closed[0]).isTrue();
    assertThat(replica.timeRequests).isZero();
  }
}
