package io.distkv.storage.tree;

import static io.distkv.storage.tree.TreeReads.read;
import static io.distkv.storage.tree.TreeReads.small;
import static io.distkv.storage.tree.TreeReads.tables;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.storage.CorruptionException;
import io.distkv.storage.MemoryDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A tree on a disk that is full, broken or rotten. */
class TreeFaultTest {
  private static final String DIRECTORY = "data/replica";

  private final MemoryDisk memory = new MemoryDisk();
  private final FaultyDisk disk = new FaultyDisk(memory);

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

  /** An edit whose sync failed may be in force after a crash all the same. */
  @Test
  void aTableStaysAsLongAsAnEditThatFailedMayNameIt() throws IOException {
    TestReplica replica = new TestReplica(disk, small());
    replica.put("a", "1", 1);
    replica.flush();
    replica.put("b", "2", 2);
    replica.sync();
    disk.setFullAtSync("MANIFEST");
    replica.tree.flush(why -> {});
    replica.world.runAll(1_000_000_000L);
    assertThat(replica.tree.diskFull()).isTrue();
    replica.commit(3, List.of(new TestReplica.Write(null, null, 0)));
    replica.sync();
    replica.world.runAll(60_000_000_000L);
    disk.setFullAtSync(null);
    replica.crash(2);
    assertThat(replica.tree.applied().index()).isEqualTo(2);
    assertThat(read(replica.tree, "b")).isNull();
    replica.flush();
    assertThat(tables(replica.tree)).isZero();
    assertThat(memory.list(DIRECTORY)).noneMatch(name -> name.endsWith(".sst"));
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
    assertThat(ends.getFirst()).hasMessageContaining(path);
    assertThat(replica.failure).isNull();
    assertThat(replica.damages).hasSize(1);
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
}
