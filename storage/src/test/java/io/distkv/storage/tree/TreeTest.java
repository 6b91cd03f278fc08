package io.distkv.storage.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.Version;
import io.distkv.platform.RealDisk;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.MemoryDisk;
import io.distkv.storage.cache.BlockCache;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.table.Lookup;
import io.distkv.storage.tree.TestReplica.Write;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeTest {
  private static final String DIRECTORY = "data/replica";

  private final MemoryDisk memory = new MemoryDisk();
  private final FaultyDisk disk = new FaultyDisk(memory);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static TreeOptions small() {
    return TreeOptions.DEFAULT.withMemtableBytes(20_000);
  }

  private static @Nullable String read(Tree tree, String key) throws IOException {
    Lookup lookup = new Lookup();
    return tree.get(bytes(key), Version.LATEST, lookup) == Lookup.Outcome.FOUND
        ? text(lookup)
        : null;
  }

  private static @Nullable String read(Snapshot snapshot, String key) throws IOException {
    Lookup lookup = new Lookup();
    return snapshot.get(bytes(key), lookup) == Lookup.Outcome.FOUND ? text(lookup) : null;
  }

  private static String text(Lookup lookup) {
    return new String(
        lookup.valueArray(), lookup.valueOffset(), lookup.valueLength(), StandardCharsets.UTF_8);
  }

  private static long tables(Tree tree) {
    return tree.statistics().levels().stream()
        .mapToLong(TreeStatistics.LevelStatistics::tables)
        .sum();
  }

  @Test
  void anUnpublishedWriteIsSeenOnTheLaneAlone() throws IOException {
    TestReplica replica = new TestReplica(disk, small());
    replica.put("k", "old", 1);
    replica.tree.put(bytes("k"), bytes("new"), 0, 2);
    assertThat(read(replica.tree, "k")).isEqualTo("new");
    try (Snapshot snapshot = replica.tree.snapshot()) {
      assertThat(read(snapshot, "k")).isEqualTo("old");
      replica.tree.publish(2, 2, 1);
      assertThat(read(snapshot, "k")).isEqualTo("old");
    }
    try (Snapshot snapshot = replica.tree.snapshot()) {
      assertThat(read(snapshot, "k")).isEqualTo("new");
      assertThat(snapshot.asOf()).isEqualTo(2);
    }
  }

  @Test
  void anUnpublishedClearIsSeenOnTheLaneAlone() throws IOException {
    TestReplica replica = new TestReplica(disk, small());
    replica.put("k", "old", 1);
    replica.flush();
    replica.tree.clear(2);
    replica.tree.put(bytes("l"), bytes("kept"), 0, 2);
    replica.tree.clear(2);
    replica.tree.put(bytes("m"), bytes("kept"), 0, 2);
    assertThat(read(replica.tree, "k")).isNull();
    assertThat(read(replica.tree, "l")).isNull();
    try (Snapshot snapshot = replica.tree.snapshot()) {
      assertThat(read(snapshot, "k")).isEqualTo("old");
      replica.tree.publish(2, 2, 1);
      assertThat(read(snapshot, "k")).isEqualTo("old");
    }
    try (Snapshot snapshot = replica.tree.snapshot()) {
      assertThat(read(snapshot, "k")).isNull();
      assertThat(read(snapshot, "m")).isEqualTo("kept");
    }
  }

  @Test
  void tablesNeverHoldMoreThanTheDurableLog() {
    TestReplica replica = new TestReplica(disk, small());
    replica.put("a", "1", 1);
    replica.sync();
    replica.put("b", "2", 2);
    List<@Nullable IOException> ends = new ArrayList<>();
    replica.tree.flush(ends::add);
    replica.world.runAll();
    assertThat(ends).isEmpty();
    assertThat(replica.tree.applied()).isEqualTo(Applied.NOTHING);
    replica.sync();
    replica.world.runAll();
    assertThat(ends).hasSize(1);
    assertThat(replica.flushedIndex).isEqualTo(2);
    assertThat(replica.tree.applied().index()).isEqualTo(2);
    assertThat(replica.tree.applied().term()).isEqualTo(7);
    assertThat(replica.tree.applied().attachment()).endsWith((byte) 2);
  }

  @Test
  void entriesWithoutWritesAreFlushedToo() {
    TestReplica replica = new TestReplica(disk, small());
    replica.commit(1, List.of());
    replica.flush();
    assertThat(replica.flushedIndex).isEqualTo(1);
    assertThat(tables(replica.tree)).isZero();
    replica.reopen(2);
    assertThat(replica.tree.applied().index()).isEqualTo(1);
    assertThat(replica.tree.publishedVersion()).isEqualTo(1);
  }

  @Test
  void aReadThatNeedsTheDiskSaysSo() throws IOException {
    TestReplica replica = new TestReplica(disk, small());
    replica.put("k", "v", 1);
    replica.flush();
    replica.reopen(2);
    Lookup lookup = new Lookup();
    assertThat(replica.tree.peek(bytes("k"), Version.LATEST, lookup))
        .isEqualTo(Lookup.Outcome.COLD);
    try (Snapshot snapshot = replica.tree.snapshot()) {
      assertThat(snapshot.peek(bytes("k"), lookup)).isEqualTo(Lookup.Outcome.COLD);
      assertThat(snapshot.get(bytes("k"), lookup)).isEqualTo(Lookup.Outcome.FOUND);
    }
    assertThat(replica.tree.peek(bytes("k"), Version.LATEST, lookup))
        .isEqualTo(Lookup.Outcome.FOUND);
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
    assertThat(memory.list(DIRECTORY).stream().filter(name -> name.endsWith(".sst"))).hasSize(1);
    replica.reopen(3);
    assertThat(read(replica.tree, "k1")).isEqualTo("w");
    assertThat(read(replica.tree, "k2")).isNull();
    assertThatThrownBy(() -> replica.tree.snapshot(150)).isInstanceOf(HistoryGoneException.class);
  }

  @Test
  void aFullDiskPutsUpkeepOffUntilThereIsSpace() throws IOException {
    TestReplica replica = new TestReplica(disk, small());
    replica.put("k", "v", 1);
    replica.sync();
    disk.setFull(true);
    List<@Nullable IOException> ends = new ArrayList<>();
    replica.tree.flush(ends::add);
    replica.world.runAll(60_000_000_000L);
    assertThat(ends).isEmpty();
    assertThat(replica.tree.diskFull()).isTrue();
    assertThat(replica.diskFullReports).containsExactly(true);
    assertThat(replica.upkeepFailures).hasSizeBetween(5, 20);
    assertThat(read(replica.tree, "k")).isEqualTo("v");
    disk.setFull(false);
    replica.world.runAll();
    assertThat(ends).hasSize(1).containsOnlyNulls();
    assertThat(replica.tree.diskFull()).isFalse();
    assertThat(replica.diskFullReports).containsExactly(true, false);
    assertThat(replica.tree.applied().index()).isEqualTo(1);
  }

  @Test
  void aFullDiskPutsCompactionsOffToo() throws IOException {
    TestReplica replica = new TestReplica(disk, small());
    for (int i = 1; i <= 3; i++) {
      replica.put("k", "v" + i, i);
      replica.flush();
    }
    List<@Nullable IOException> ends = new ArrayList<>();
    disk.setFull(true);
    replica.tree.compact(ends::add);
    replica.world.runAll(30_000_000_000L);
    assertThat(replica.tree.diskFull()).isTrue();
    assertThat(read(replica.tree, "k")).isEqualTo("v3");
    disk.setFull(false);
    replica.world.runAll();
    assertThat(ends).hasSize(1).containsOnlyNulls();
    assertThat(replica.tree.diskFull()).isFalse();
    assertThat(tables(replica.tree)).isEqualTo(1);
  }

  @Test
  void aBrokenDiskEndsUpkeepButNotReads() throws IOException {
    TestReplica replica = new TestReplica(disk, small());
    replica.put("k", "v", 1);
    replica.flush();
    replica.put("k", "w", 2);
    replica.sync();
    disk.setBroken(true);
    List<@Nullable IOException> ends = new ArrayList<>();
    replica.tree.flush(ends::add);
    replica.world.runAll();
    assertThat(replica.failure).isNotNull().hasMessageContaining(DIRECTORY);
    assertThat(replica.tree.failure()).isSameAs(replica.failure);
    assertThat(ends).containsExactly(replica.failure);
    replica.tree.flush(ends::add);
    assertThat(ends).hasSize(2);
    assertThat(read(replica.tree, "k")).isEqualTo("w");
    disk.setBroken(false);
    boolean[] closed = {false};
    replica.tree.close(() -> closed[0] = true);
    replica.world.runAll();
    assertThat(closed[0]).isTrue();
  }

  @Test
  void aDamagedBlockIsNamedToTheReader() throws IOException {
    TestReplica replica = new TestReplica(disk, small());
    for (int i = 0; i < 50; i++) {
      replica.put("k" + i, "some value " + i, i + 1);
    }
    replica.flush();
    String path = DIRECTORY + "/000001.sst";
    byte[] content = memory.content(path);
    content[20] ^= 1;
    memory.replace(path, content);
    replica.reopen(2);
    assertThatThrownBy(() -> read(replica.tree, "k7"))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(path)
        .hasMessageContaining("at byte 0");
    List<@Nullable IOException> ends = new ArrayList<>();
    replica.tree.compact(ends::add);
    replica.world.runAll();
    assertThat(ends).hasSize(1).doesNotContainNull();
    assertThat(replica.failure).hasMessageContaining(path);
  }

  @Test
  void aMissingOrForeignTableIsNamedAtOpen() throws IOException {
    TestReplica replica = new TestReplica(disk, small());
    replica.put("a", "1", 1);
    replica.flush();
    replica.put("b", "2", 2);
    replica.flush();
    byte[] other = memory.content(DIRECTORY + "/000002.sst");
    memory.replace(DIRECTORY + "/000001.sst", other);
    assertThatThrownBy(() -> replica.reopen(2))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("000001.sst");
    memory.delete(DIRECTORY + "/000001.sst");
    assertThatThrownBy(() -> replica.reopen(2))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("000001.sst")
        .hasMessageContaining("missing");
  }

  @Test
  void aCheckpointIsATreeOfItsOwn(@TempDir Path folder) throws IOException {
    RealDisk real = new RealDisk(folder);
    TestReplica replica = new TestReplica(real, small());
    for (int i = 0; i < 2_000; i++) {
      replica.put("k" + i % 500, "value " + i, i + 1);
    }
    replica.sync();
    List<Applied> made = new ArrayList<>();
    List<IOException> failures = new ArrayList<>();
    CheckpointCallback callback =
        new CheckpointCallback() {
          @Override
          public void done(Applied applied) {
            made.add(applied);
          }

          @Override
          public void failed(IOException why) {
            failures.add(why);
          }
        };
    replica.tree.checkpoint("copies/one", callback);
    replica.world.runAll();
    assertThat(made).extracting(Applied::index).containsExactly(2_000L);
    replica.tree.checkpoint("copies/one", callback);
    replica.world.runAll();
    assertThat(failures).hasSize(1);
    replica.put("k1", "later", 9_000);
    replica.compact();
    Tree copy = openElsewhere(real, replica, "copies/one");
    assertThat(read(copy, "k1")).isEqualTo("value 1501");
    assertThat(read(copy, "k499")).isEqualTo("value 1999");
    assertThat(read(replica.tree, "k1")).isEqualTo("later");
  }

  private static Tree openElsewhere(RealDisk disk, TestReplica replica, String directory)
      throws IOException {
    TreeResources resources =
        new TreeResources(
            disk,
            replica.world,
            new BlockCache(0),
            replica.world.workersView,
            new MemtableBudget(1 << 20),
            new CompactionSlots(1),
            new IoRate(replica.world, Long.MAX_VALUE),
            TreeListener.NONE);
    return Tree.open(resources, replica.world.laneView, directory, small(), replica);
  }

  @Test
  void aDroppedTreeLeavesNothing(@TempDir Path folder) throws IOException {
    RealDisk real = new RealDisk(folder);
    TestReplica replica = new TestReplica(real, small());
    for (int i = 0; i < 3_000; i++) {
      replica.put("k" + i, "value", i + 1);
      replica.sync();
      replica.world.runSome(3);
    }
    Snapshot snapshot = replica.tree.snapshot();
    List<@Nullable IOException> ends = new ArrayList<>();
    replica.tree.drop(ends::add);
    replica.world.runAll();
    assertThat(ends).hasSize(1).containsOnlyNulls();
    assertThat(real.exists(DIRECTORY)).isFalse();
    assertThat(read(snapshot, "k1")).isEqualTo("value");
    snapshot.close();
    replica.world.runAll();
    Tree.remove(real, DIRECTORY);
    assertThat(real.list("data")).isEmpty();
  }

  @Test
  void aDropThatWasCutOffIsCompletedAtOpen(@TempDir Path folder) throws IOException {
    RealDisk real = new RealDisk(folder);
    TestReplica replica = new TestReplica(real, small());
    replica.put("k", "v", 1);
    replica.flush();
    replica.tree.close(() -> {});
    replica.world.runAll();
    real.create(DIRECTORY + "/DROPPED").close();
    real.delete(DIRECTORY + "/CURRENT");
    replica.log.clear();
    replica.durableIndex = 0;
    replica.reopen(2);
    assertThat(read(replica.tree, "k")).isNull();
    assertThat(real.list(DIRECTORY)).containsExactly("CURRENT", "MANIFEST-000001");
  }

  @Test
  void closingEndsWhatRunsAndTellsWhoWaits() throws IOException {
    TestReplica replica = new TestReplica(disk, small());
    for (int i = 0; i < 500; i++) {
      replica.put("k" + i, "value", i + 1);
    }
    List<@Nullable IOException> ends = new ArrayList<>();
    replica.tree.flush(ends::add);
    boolean[] closed = {false};
    replica.tree.close(() -> closed[0] = true);
    replica.world.runAll();
    assertThat(closed[0]).isTrue();
    assertThat(ends).hasSize(1).doesNotContainNull();
    replica.sync();
    replica.world.runAll();
    assertThatThrownBy(() -> replica.tree.close(() -> {}))
        .isInstanceOf(IllegalStateException.class);
    replica.reopen(2);
    assertThat(read(replica.tree, "k499")).isEqualTo("value");
  }

  @Test
  void valuesOfEverySizeAndKeysOfEveryByteSurvive() throws IOException {
    TestReplica replica = new TestReplica(disk, TreeOptions.DEFAULT);
    Random random = new Random(5);
    byte[] largest = new byte[16 << 20];
    random.nextBytes(largest);
    List<Write> writes = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      writes.add(new Write(new byte[] {(byte) i}, new byte[i], 0));
      writes.add(new Write(new byte[] {(byte) i, 0}, new byte[] {(byte) i}, 0));
    }
    byte[] longKey = new byte[65_535];
    Arrays.fill(longKey, (byte) 0xFF);
    writes.add(new Write(longKey, largest, 0));
    replica.commit(1, writes);
    replica.flush();
    replica.reopen(2);
    replica.compact();
    Lookup lookup = new Lookup();
    assertThat(replica.tree.get(longKey, Version.LATEST, lookup)).isEqualTo(Lookup.Outcome.FOUND);
    assertThat(
            Arrays.equals(
                lookup.valueArray(),
                lookup.valueOffset(),
                lookup.valueOffset() + lookup.valueLength(),
                largest,
                0,
                largest.length))
        .isTrue();
    Cursor cursor = replica.tree.cursor(KeyRange.ALL, Version.LATEST);
    int count = 0;
    for (boolean on = cursor.seekToFirst(); on; on = cursor.next()) {
      count++;
    }
    assertThat(count).isEqualTo(513);
    Cursor prefixed =
        replica.tree.cursor(KeyRange.prefix(new byte[] {(byte) 0xFF}), Version.LATEST);
    assertThat(prefixed.seekToFirst()).isTrue();
    assertThat(prefixed.key()).isEqualTo(new byte[] {(byte) 0xFF});
    assertThat(prefixed.seekToLast()).isTrue();
    assertThat(prefixed.keyLength()).isEqualTo(65_535);
  }

  @Test
  void sortedLoadsAreMovedNotRewritten() {
    TestReplica replica = new TestReplica(disk, small());
    for (int i = 0; i < 20_000; i++) {
      replica.put(String.format("%08d", i), "value", i + 1);
      if (i % 50 == 0) {
        replica.sync();
        replica.world.runAll();
      }
    }
    replica.flush();
    assertThat(replica.compactions).isNotEmpty().allMatch(TreeListener.CompactionEvent::moved);
    assertThat(replica.flushes).hasSizeGreaterThan(20);
    assertThat(replica.tree.statistics().levels().get(0).tables()).isLessThan(4);
  }

  /** However far upkeep has come, closing leaves no file open, and the folder opens again. */
  @Test
  void closingLeavesNoFileOpen() throws IOException {
    for (int seed = 1; seed <= 60; seed++) {
      OpenFiles files = new OpenFiles(new MemoryDisk());
      TreeOptions options =
          new TreeOptions(
              2_000,
              100,
              0,
              TreeOptions.DEFAULT.table(),
              TreeOptions.DEFAULT.compressions(),
              2_000,
              2,
              4_000,
              4,
              1_000);
      TestReplica replica = new TestReplica(seed, files, options, 0, 1 << 20);
      Random random = new Random(seed);
      int count = random.nextInt(600);
      for (int i = 0; i < count; i++) {
        replica.put("k" + random.nextInt(200), "value", i + 1);
        if (random.nextInt(8) == 0) {
          replica.sync();
        }
        if (random.nextInt(300) == 0) {
          replica.commit(i + 1, List.of(new Write(null, null, 0)));
        }
        replica.world.runSome(3);
      }
      boolean[] closed = {false};
      replica.tree.close(() -> closed[0] = true);
      while (!closed[0]) {
        assertThat(replica.world.runOne()).as("seed %d", seed).isTrue();
      }
      assertThat(files.open()).as("seed %d", seed).isEmpty();
      replica.reopen(seed);
      assertThat(replica.tree.publishedIndex()).as("seed %d", seed).isEqualTo(replica.log.size());
    }
  }
}
