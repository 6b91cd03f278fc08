package io.distkv.simulation.hunt;

import io.distkv.simulation.disk.DiskFaults.Operation;
import io.distkv.simulation.disk.SimulatedDisk;
import io.distkv.simulation.world.SimulatedLane;
import io.distkv.simulation.world.SimulatedProcess;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import io.distkv.simulation.world.Violation;
import io.distkv.storage.cache.BlockCache;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.table.TableFiles;
import io.distkv.storage.tree.CheckpointCallback;
import io.distkv.storage.tree.CompactionSlots;
import io.distkv.storage.tree.IoRate;
import io.distkv.storage.tree.MemtableBudget;
import io.distkv.storage.tree.Snapshot;
import io.distkv.storage.tree.Tree;
import io.distkv.storage.tree.TreeListener;
import io.distkv.storage.tree.TreeOwner;
import io.distkv.storage.tree.TreeResources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A simulated tree from one opening to its end: entries are applied while upkeep runs. */
final class TreeLife implements TreeOwner {
  private static final long SECOND = 1_000_000_000L;
  private static final String DIRECTORY = "tree";
  private static final String CHECKPOINT = "checkpoint";
  private static final String FLUSH = "flush";
  private static final String MERGE = "compaction by merging";
  private static final String MOVE = "compaction by moving";
  private static final String REPLAY = "replay of entries";
  private static final String TIME = "entry for its time alone";

  /** What may happen in a life, as a hunt counts it. */
  static final List<String> WAYS =
      List.of(CHECKPOINT, FLUSH, MERGE, MOVE, REPLAY, TIME, TreeChecks.GONE, TreeChecks.PAST);

  private final TreeRun run;
  private final SimulatedRandomness random;
  private final Trace trace;
  private final SimulatedDisk disk;
  private final TreeLog log;
  private final SimulatedLane lane;
  private final TreeResources resources;
  private final TreeMap<Long, List<Runnable>> waiting = new TreeMap<>();
  private final TreeChecks checks;
  private @Nullable Tree tree;
  private @Nullable IOException failure;
  private long appliedIndex;
  private long left;
  private int underWay;

  TreeLife(TreeRun run, SimulatedProcess process) {
    this.run = run;
    this.random = run.random();
    this.trace = run.trace();
    this.disk = run.disk();
    this.log = run.log();
    this.checks = new TreeChecks(run);
    this.lane = process.lanes().getFirst();
    this.resources =
        new TreeResources(
            run.program(),
            run.clock(),
            BlockCache.repeatable(random.pick(0L, 1_000L, 20_000L, 1_000_000L)),
            new TableFiles(run.mostOpenTables()),
            process.workers("background", 1 + random.below(3), 1000),
            new MemtableBudget(random.magnitude(1_000, 1_000_000)),
            new CompactionSlots(1 + random.below(2)),
            new IoRate(
                run.clock(), random.chance(70) ? Long.MAX_VALUE : random.magnitude(1000, 1 << 24)),
            new Events());
  }

  void run(Ending ending) throws IOException {
    if (ending.isAtStep()) {
      disk.faults().crashWithin(random, disk.steps(), 1000);
    }
    open();
    replay();
    checks.newest();
    if (ending == Ending.SYNC_FAILURE) {
      disk.faults().fail(Operation.SYNC, DIRECTORY, random.magnitude(1, 40), false);
    } else if (random.chance(20)) {
      fillDisk();
    }
    left = random.magnitude(1, 200);
    lane.complete(this::work);
    long killAfter = trace.events() + random.magnitude(1, 5000);
    boolean kill = ending == Ending.KILL;
    run.runUntil(
        () -> (left <= 0 && underWay == 0) || (kill && trace.events() > killAfter),
        "the work to be done");
    if (failure != null && ending != Ending.SYNC_FAILURE) {
      throw new Violation("the tree failed", failure);
    }
    checks.newest();
    checks.allKept();
    if (ending == Ending.STOP) {
      stop();
      checkCheckpoints();
    }
  }

  private void fillDisk() {
    disk.faults().capacityBytes(disk.usedBytes() + random.magnitude(1, 30_000));
    run.queue()
        .after(
            random.magnitude(1, 20 * SECOND),
            "room on the disk",
            () -> disk.faults().capacityBytes(Long.MAX_VALUE));
  }

  private Tree tree() {
    Tree open = tree;
    if (open == null) {
      throw new IllegalStateException("not open");
    }
    return open;
  }

  private void open() {
    tree = open(DIRECTORY, this);
    Applied applied = tree().applied();
    appliedIndex = applied.index();
    if (appliedIndex > log.lastIndex()) {
      throw new Violation(
          "the tables hold entry %d, but the log ends with %d"
              .formatted(appliedIndex, log.lastIndex()));
    }
    if (appliedIndex < run.flushedIndex()) {
      throw new Violation(
          "entries up to %d were said to be flushed, but the tables end with %d"
              .formatted(run.flushedIndex(), appliedIndex));
    }
    if (appliedIndex > 0 && applied.term() != log.entry(appliedIndex).term()) {
      throw new Violation("term " + applied.term() + " is not that of entry " + appliedIndex);
    }
    if (TreeLog.indexIn(applied.attachment()) != appliedIndex) {
      throw new Violation(
          "the attachment is of entry %d, the tables of %d"
              .formatted(TreeLog.indexIn(applied.attachment()), appliedIndex));
    }
    checks.opened(tree(), appliedIndex);
  }

  private Tree open(String directory, TreeOwner owner) {
    Tree[] opened = new Tree[1];
    lane.runNow(() -> {
      try {
        opened[0] = Tree.open(resources, lane, directory, run.options(), owner);
      } catch (IOException e) {
        throw new Violation("the tree in " + directory + " cannot be opened", e);
      }
    });
    return opened[0];
  }

  /** Applies the rest of the log again, in pieces, as a start would. */
  private void replay() throws IOException {
    if (random.chance(50)) {
      checks.newest();
    }
    while (appliedIndex < log.lastIndex()) {
      long to = Math.min(log.lastIndex(), appliedIndex + random.between(1, 100));
      boolean[] done = new boolean[1];
      lane.complete(() -> {
        while (appliedIndex < to) {
          trace.tally().count(REPLAY);
          apply(log.entry(appliedIndex + 1));
        }
        done[0] = true;
      });
      run.runUntil(() -> done[0], "the replay");
    }
    log.durable(log.lastIndex());
    durableAdvanced();
  }

  private void apply(TreeLog.LogEntry entry) {
    appliedIndex = entry.index();
    checks.apply(entry);
    TreeLog.apply(entry, tree());
  }

  private void work() {
    if (left-- <= 0) {
      return;
    }
    try {
      for (int i = random.below(20); i > 0; i--) {
        apply(log.next());
      }
      if (random.chance(50)) {
        long durable = random.between(log.durableIndex(), log.lastIndex());
        log.durable(durable);
        durableAdvanced();
      }
      something();
    } catch (IOException e) {
      throw new Violation("an I/O error that nobody injected", e);
    }
    lane.schedule(
        random.chance(80) ? random.below(100_000) : random.magnitude(1, SECOND), this::work);
  }

  private void something() throws IOException {
    switch (random.below(16)) {
      case 0 -> checks.newest();
      case 1, 2 -> checks.past(appliedIndex);
      case 3 -> checks.keep();
      case 4, 5 -> checks.someKept();
      case 6 -> {
        if (random.chance(30)) {
          underWay++;
          tree().flush(this::done);
        }
      }
      case 7 -> {
        if (random.chance(20)) {
          underWay++;
          tree().compact(this::done);
        }
      }
      case 8 -> {
        if (random.chance(10)) {
          checkpoint();
        }
      }
      case 9, 10 -> checks.range();
      default -> tree().writeDelayNanos(100);
    }
  }

  private void done(@Nullable IOException why) {
    underWay--;
    if (why != null && disk.faults().isQuiet()) {
      throw new Violation("upkeep ended with an error that the owner was not told", why);
    }
  }

  private void checkpoint() {
    String directory = run.nextCheckpoint();
    long index = appliedIndex;
    NavigableMap<byte[], VersionedModel.Cell> expected = checks.expected();
    underWay++;
    tree()
        .checkpoint(
            directory,
            new CheckpointCallback() {
              @Override
              public void done(Applied applied) {
                underWay--;
                if (applied.index() < index) {
                  throw new Violation(
                      "a checkpoint asked for at entry %d holds %d"
                          .formatted(index, applied.index()));
                }
                if (applied.index() == index) {
                  trace.tally().count(CHECKPOINT);
                  checks.checkpointed(directory, index, expected);
                }
              }

              @Override
              public void failed(IOException why) {
                underWay--;
              }
            });
  }

  private void stop() {
    checks.letGo();
    disk.faults().clear();
    log.durable(log.lastIndex());
    durableAdvanced();
    boolean[] ended = new boolean[2];
    lane.complete(() -> tree().flush(why -> ended[0] = true));
    run.runUntil(() -> ended[0], "the last flush");
    if (tree().applied().index() != appliedIndex) {
      throw new Violation(
          "flushed is %d, applied was %d".formatted(tree().applied().index(), appliedIndex));
    }
    lane.complete(() -> tree().close(() -> ended[1] = true));
    run.runUntil(() -> ended[1], "the tree's close");
    run.queue().runFor(10 * SECOND);
  }

  private void durableAdvanced() {
    NavigableMap<Long, List<Runnable>> due = waiting.headMap(log.durableIndex(), true);
    List<Runnable> tasks = due.values().stream().flatMap(List::stream).toList();
    due.clear();
    tasks.forEach(Runnable::run);
  }

  @Override
  public void whenDurable(long index, Runnable then) {
    if (index <= log.durableIndex()) {
      then.run();
      return;
    }
    waiting.computeIfAbsent(index, any -> new ArrayList<>()).add(then);
    lane.schedule(
        random.below(5_000_000),
        () -> {
          log.durable(index);
          durableAdvanced();
        });
  }

  @Override
  public byte[] attachment() {
    return TreeLog.attachment(appliedIndex);
  }

  @Override
  public void askForTime() {
    if (left > 0 && appliedIndex == log.lastIndex()) {
      trace.tally().count(TIME);
      apply(log.time(run.clock().wallMillis()));
    }
  }

  @Override
  public void flushed(long index) {
    trace.event("flushed", "", index, 0);
    if (index < run.flushedIndex() || index > log.durableIndex()) {
      throw new Violation(
          "flushed to %d after %d, with the log durable to %d"
              .formatted(index, run.flushedIndex(), log.durableIndex()));
    }
    run.flushed(index);
  }

  @Override
  public void diskFull(boolean full) {
    trace.event("disk full", "", full ? 1 : 0, 0);
  }

  @Override
  public void failed(IOException why) {
    failure = why;
  }

  private void checkCheckpoints() throws IOException {
    for (TreeChecks.Checkpointed one : checks.checkpointed()) {
      Tree opened = open(one.directory(), new Bystander());
      if (opened.applied().index() != one.index()) {
        throw new Violation("a checkpoint opens with another index");
      }
      try (Snapshot snapshot = opened.snapshot()) {
        checks.compare(snapshot, one.expected());
      }
      boolean[] ended = new boolean[1];
      lane.complete(() -> opened.drop(why -> ended[0] = true));
      run.runUntil(() -> ended[0], "the drop of a checkpoint");
      if (!disk.list(one.directory()).isEmpty()) {
        throw new Violation("a dropped tree left " + disk.list(one.directory()));
      }
    }
  }

  /** Counts what the tree does. */
  private final class Events implements TreeListener {
    @Override
    public void flushed(FlushEvent event) {
      trace.tally().count(FLUSH);
    }

    @Override
    public void compacted(CompactionEvent event) {
      trace.tally().count(event.moved() ? MOVE : MERGE);
    }

    @Override
    public void upkeepFailed(String directory, IOException why) {
      trace.event("upkeep failed", directory, 0, 0);
    }
  }

  /** The owner of a checkpoint that is only looked at. */
  private static final class Bystander implements TreeOwner {
    @Override
    public byte[] attachment() {
      return new byte[0];
    }

    @Override
    public void askForTime() {}

    @Override
    public void flushed(long appliedIndex) {}

    @Override
    public void diskFull(boolean full) {}

    @Override
    public void failed(IOException why) {
      throw new Violation("a checkpoint failed", why);
    }

    @Override
    public void whenDurable(long index, Runnable then) {
      then.run();
    }
  }
}
