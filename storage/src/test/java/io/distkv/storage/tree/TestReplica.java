package io.distkv.storage.tree;

import io.distkv.base.Disk;
import io.distkv.base.Version;
import io.distkv.storage.Damage;
import io.distkv.storage.cache.BlockCache;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.table.TableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The least of a replica that a tree needs: a log that outlives crashes as far as it was synced,
 * and is applied again after each. One version and one index per entry.
 */
final class TestReplica implements TreeOwner {

  /** A write: a value, a tombstone (no value) or, without a key, a clear. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Write(byte @Nullable [] key, byte @Nullable [] value, long expiresAtMillis) {}

  record Entry(long version, List<Write> writes) {}

  private record Waiting(long index, Runnable then) {}

  final List<Entry> log = new ArrayList<>();
  final List<Boolean> diskFullReports = new ArrayList<>();
  final List<TreeListener.CompactionEvent> compactions = new ArrayList<>();
  final List<TreeListener.FlushEvent> flushes = new ArrayList<>();
  final List<IOException> upkeepFailures = new ArrayList<>();
  final List<Damage> damages = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final Disk disk;
  private final TreeOptions options;
  private final long cacheBytes;
  private final long budgetBytes;
  private final int openTables;
  @Nullable IOException failure;

  /** Whether the tree gets the entries that it wants for their time. */
  boolean keepsTime;

  int timeRequests;
  long durableIndex;
  long flushedIndex;
  TableFiles files;
  TestWorld world;
  Tree tree;

  TestReplica(long seed, Disk disk, TreeOptions options, long cacheBytes, long budgetBytes) {
    this(seed, disk, options, cacheBytes, budgetBytes, 1_000);
  }

  TestReplica(
      long seed,
      Disk disk,
      TreeOptions options,
      long cacheBytes,
      long budgetBytes,
      int openTables) {
    this.openTables = openTables;
    this.files = new TableFiles(openTables);
    this.disk = disk;
    this.options = options;
    this.cacheBytes = cacheBytes;
    this.budgetBytes = budgetBytes;
    this.world = new TestWorld(seed);
    this.tree = openTree();
  }

  TestReplica(Disk disk, TreeOptions options) {
    this(1, disk, options, 1 << 20, 1 << 30);
  }

  private Tree openTree() {
    files = new TableFiles(openTables);
    TreeResources resources =
        new TreeResources(
            disk,
            world,
            new BlockCache(cacheBytes),
            files,
            world.workersView,
            new MemtableBudget(budgetBytes),
            new CompactionSlots(2),
            new IoRate(world, 50 << 20),
            new Events());
    try {
      return Tree.open(resources, world.laneView, "data/replica", options, this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process dies: work under way is gone, and so is the log behind its last sync. */
  void crash(long seed) {
    log.subList((int) durableIndex, log.size()).clear();
    reopen(seed);
  }

  /** Opens the folder again and applies what the tables lack. */
  void reopen(long seed) {
    world = new TestWorld(seed);
    waiting.clear();
    tree = openTree();
    for (long index = tree.applied().index() + 1; index <= log.size(); index++) {
      apply(index);
    }
  }

  /** Appends an entry to the log and applies it. */
  void commit(long version, List<Write> writes) {
    log.add(new Entry(version, writes));
    apply(log.size());
  }

  void put(String key, String value, long version) {
    commit(
        version,
        List.of(
            new Write(
                key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8), 0)));
  }

  private void apply(long index) {
    Entry entry = log.get((int) index - 1);
    for (Write write : entry.writes) {
      if (write.key == null) {
        tree.clear(entry.version);
      } else if (write.value == null) {
        tree.delete(write.key, entry.version);
      } else {
        tree.put(write.key, write.value, write.expiresAtMillis, entry.version);
      }
    }
    tree.publish(entry.version, index, 7);
  }

  /** Makes the log durable as far as it goes. */
  void sync() {
    durableIndex = log.size();
    List<Waiting> ready = waiting.stream().filter(each -> each.index <= durableIndex).toList();
    waiting.removeAll(ready);
    ready.forEach(each -> each.then.run());
  }

  /** Makes everything durable and flushed, and runs until nothing is left to do. */
  void flush() {
    sync();
    List<@Nullable IOException> ends = new ArrayList<>();
    tree.flush(ends::add);
    world.runAll();
    requireDone(ends);
  }

  void compact() {
    sync();
    List<@Nullable IOException> ends = new ArrayList<>();
    tree.compact(ends::add);
    world.runAll();
    requireDone(ends);
  }

  private static void requireDone(List<@Nullable IOException> ends) {
    if (ends.size() != 1 || ends.get(0) != null) {
      throw new AssertionError("ended with " + ends);
    }
  }

  @Override
  public void whenDurable(long index, Runnable then) {
    if (index <= durableIndex) {
      then.run();
    } else {
      waiting.add(new Waiting(index, then));
    }
  }

  @Override
  public byte[] attachment() {
    return ByteBuffer.allocate(8).putLong(tree.publishedIndex()).array();
  }

  @Override
  public void askForTime() {
    timeRequests++;
    if (keepsTime) {
      long version = Math.max(tree.publishedVersion() + 1, version(world.wallMillis()));
      commit(version, List.of());
      sync();
    }
  }

  @Override
  public void flushed(long appliedIndex) {
    if (appliedIndex < flushedIndex || appliedIndex > durableIndex) {
      throw new AssertionError("flushed up to " + appliedIndex + " after " + flushedIndex);
    }
    flushedIndex = appliedIndex;
  }

  @Override
  public void diskFull(boolean full) {
    diskFullReports.add(full);
  }

  @Override
  public void failed(IOException why) {
    failure = why;
  }

  private final class Events implements TreeListener {
    @Override
    public void flushed(FlushEvent event) {
      flushes.add(event);
    }

    @Override
    public void compacted(CompactionEvent event) {
      compactions.add(event);
    }

    @Override
    public void damaged(String directory, Damage damage) {
      damages.add(damage);
    }

    @Override
    public void upkeepFailed(String directory, IOException why) {
      upkeepFailures.add(why);
    }
  }

  /** A version of a millisecond. */
  static long version(long millis) {
    return Version.ofMillis(millis);
  }

  /** Makes a checkpoint of all it has in a folder of its disk, and opens that as a stream. */
  TreeExport export(String target) throws IOException {
    List<Applied> made = new ArrayList<>();
    sync();
    tree.checkpoint(
        target,
        new CheckpointCallback() {
          @Override
          public void done(Applied applied) {
            made.add(applied);
          }

          @Override
          public void failed(IOException why) {
            throw new UncheckedIOException(why);
          }
        });
    world.runAll();
    if (made.size() != 1) {
      throw new AssertionError(made.size() + " checkpoints: " + made);
    }
    return TreeExport.open(disk, target, treeId());
  }
}
