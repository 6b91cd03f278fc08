package io.distkv.storage.tree;

import static io.distkv.storage.tree.TreeReads.read;
import static io.distkv.storage.tree.TreeReads.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.platform.RealDisk;
import io.distkv.storage.MemoryDisk;
import io.distkv.storage.cache.BlockCache;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.table.TableFiles;
import io.distkv.storage.tree.TestReplica.Write;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree's folder: copied, dropped, closed. */
class TreeFolderTest {
  private static final String DIRECTORY = "data/replica";

  private final MemoryDisk disk = new MemoryDisk();

  @Test
  void aCheckpointIsATreeOfItsOwn(@TempDir Path folder) throws IOException {
    RealDisk real = new RealDisk(folder);
    FaultyDisk full = new FaultyDisk(real);
    TestReplica replica = new TestReplica(full, small());
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
    full.setFull(true);
    replica.tree.checkpoint("copies/two", callback);
    replica.world.runAll();
    assertThat(failures).hasSize(2);
    assertThat(real.list("copies/two")).as("what a failed checkpoint leaves").isEmpty();
    full.setFull(false);
    replica.tree.checkpoint("copies/two", callback);
    replica.world.runAll();
    assertThat(made).hasSize(2);
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
            new TableFiles(3),
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
  void aClosedTreeGivesNoSnapshot() {
    TestReplica replica = new TestReplica(disk, small());
    replica.put("k", "v", 1);
    replica.tree.close(() -> {});
    replica.world.runAll();
    assertThatThrownBy(replica.tree::snapshot)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> replica.tree.snapshot(1)).isInstanceOf(IllegalStateException.class);
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
              1_000,
              60_000);
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
