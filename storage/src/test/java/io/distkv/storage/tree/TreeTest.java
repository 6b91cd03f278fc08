package io.distkv.storage.tree;

import static io.distkv.storage.tree.TreeReads.bytes;
import static io.distkv.storage.tree.TreeReads.read;
import static io.distkv.storage.tree.TreeReads.small;
import static io.distkv.storage.tree.TreeReads.tables;
import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Version;
import io.distkv.storage.MemoryDisk;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.table.Lookup;
import io.distkv.storage.tree.TestReplica.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a tree shows and flushes while all is well. */
class TreeTest {
  private final MemoryDisk disk = new MemoryDisk();

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
}
