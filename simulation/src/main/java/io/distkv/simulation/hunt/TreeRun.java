package io.distkv.simulation.hunt;

import io.distkv.base.Version;
import io.distkv.simulation.disk.DiskFaults.Operation;
import io.distkv.simulation.disk.SimulatedCrash;
import io.distkv.simulation.disk.SimulatedDisk;
import io.distkv.simulation.world.Delays;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedClock;
import io.distkv.simulation.world.SimulatedLane;
import io.distkv.simulation.world.SimulatedProcess;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import io.distkv.storage.cache.BlockCache;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.table.Compression;
import io.distkv.storage.table.TableOptions;
import io.distkv.storage.tree.CheckpointCallback;
import io.distkv.storage.tree.CompactionSlots;
import io.distkv.storage.tree.HistoryGoneException;
import io.distkv.storage.tree.IoRate;
import io.distkv.storage.tree.KeyRange;
import io.distkv.storage.tree.MemtableBudget;
import io.distkv.storage.tree.Snapshot;
import io.distkv.storage.tree.Tree;
import io.distkv.storage.tree.TreeListener;
import io.distkv.storage.tree.TreeOptions;
import io.distkv.storage.tree.TreeOwner;
import io.distkv.storage.tree.TreeResources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One seed of a tree alone, over a log that never loses what it said was durable: random entries
 * are applied while flushes and compactions run, through power cuts, kills, failed syncs, full
 * disks and stops. Checked: the tables never hold more of the log than is durable, nor less than
 * the tree said they do; with the rest of the log applied again, every snapshot, old or new, shows
 * what it should; and so does every checkpoint.
 */
final class TreeRun {
  private static final long SECOND = 1_000_000_000L;
  private static final long PATIENCE_NANOS = 3600 * SECOND;
  private static final String DIRECTORY = "tree";

  private final SimulatedRandomness random;
  private final Trace trace;
  private final EventQueue queue;
  private final SimulatedDisk disk;
  private final SimulatedClock clock;
  private final TreeOptions options;
  private final TreeLog log;
  private VersionedModel model = new VersionedModel();
  private long flushedIndex;
  private int checkpoints;
  private int lives;
  private int powerCuts;

  TreeRun(long seed, Trace trace) {
    this.random = new SimulatedRandomness(seed);
    this.trace = trace;
    this.queue = new EventQueue(trace);
    this.disk = new SimulatedDisk(random.fork(), trace);
    this.clock = new SimulatedClock(queue, random.fork());
    this.options = drawOptions(random);
    this.log = new TreeLog(random.fork(), random.pick(3, 30, 100), random.pick(100, 2_000, 30_000));
  }

  /** Options of a tree so small that everything in it happens often. */
  static TreeOptions drawOptions(SimulatedRandomness random) {
    List<Compression> compressions = new ArrayList<>();
    for (int level = 0; level < TreeOptions.LEVELS; level++) {
      compressions.add(random.pick(Compression.values()));
    }
    return new TreeOptions(
        random.magnitude(500, 200_000),
        random.magnitude(5, 1000),
        random.pick(0L, 0L, 50L, 5_000L, 10_000_000L),
        new TableOptions(
            Compression.NONE,
            (int) random.magnitude(64, 20_000),
            (int) random.magnitude(1, 40),
            (int) random.magnitude(64, 8_000)),
        compressions,
        random.magnitude(200, 100_000),
        (int) random.between(1, 5),
        random.magnitude(1_000, 300_000),
        (int) random.between(2, 10),
        random.magnitude(100, 100_000));
  }

  Scenario.Outcome run() {
    for (int left = 1 + random.below(6); left > 0; left--) {
      live(random.pick(Ending.values()));
    }
    live(Ending.STOP);
    return new Scenario.Outcome(trace.hex(), trace.events(), log.lastIndex(), lives, powerCuts);
  }

  private void live(Ending ending) {
    lives++;
    trace.event("life", ending.name(), lives, disk.usedBytes());
    SimulatedRandomness itsRandom = random.fork();
    SimulatedProcess process =
        new SimulatedProcess("life " + lives, queue, itsRandom, Delays.draw(itsRandom), 1, 1000);
    try {
      new Life(process).run(ending);
      process.kill();
      if (ending == Ending.STOP && !disk.openFiles().isEmpty()) {
        throw new Violation(
            "a closed tree left open " + disk.openFiles().stream().limit(5).toList());
      }
      disk.killProcess();
      if (random.chance(30)) {
        cutPower();
      }
    } catch (SimulatedCrash e) {
      process.kill();
      disk.killProcess();
      if (ending == Ending.POWER_CUT) {
        cutPower();
      }
    } catch (IOException e) {
      throw new Violation("an I/O error that nobody injected", e);
    }
    disk.faults().clear();
  }

  private void cutPower() {
    powerCuts++;
    disk.crash();
    log.powerCut();
  }

  private void runUntil(BooleanSupplier condition, String what) {
    queue.runUntil(
        () -> {
          if (disk.isDown()) {
            throw new SimulatedCrash("the tree went on after the power cut");
          }
          return condition.getAsBoolean();
        },
        PATIENCE_NANOS,
        what);
  }

  /** A snapshot that is kept open for a while. */
  private record Kept(Snapshot snapshot, NavigableMap<byte[], VersionedModel.Cell> expected) {}

  /** A checkpoint that was finished. */
  private record Checkpointed(
      String directory, long index, NavigableMap<byte[], VersionedModel.Cell> expected) {}

  /** The tree from one opening to its end. */
  private final class Life implements TreeOwner {
    private final SimulatedLane lane;
    private final TreeResources resources;
    private final TreeMap<Long, List<Runnable>> waiting = new TreeMap<>();
    private final List<Kept> kept = new ArrayList<>();
    private final List<Checkpointed> checkpointed = new ArrayList<>();
    private @Nullable Tree tree;
    private @Nullable IOException failure;
    private long appliedIndex;
    private long left;
    private int underWay;

    Life(SimulatedProcess process) {
      this.lane = process.lanes().getFirst();
      this.resources =
          new TreeResources(
              disk,
              clock,
              BlockCache.repeatable(random.pick(0L, 1_000L, 20_000L, 1_000_000L)),
              process.workers("background", 1 + random.below(3), 1000),
              new MemtableBudget(random.magnitude(1_000, 1_000_000)),
              new CompactionSlots(1 + random.below(2)),
              new IoRate(
                  clock, random.chance(70) ? Long.MAX_VALUE : random.magnitude(1000, 1 << 24)),
              TreeListener.NONE);
    }

    void run(Ending ending) throws IOException {
      if (ending.isAtStep()) {
        disk.faults().crashAtStep(disk.steps() + random.magnitude(1, 1000));
      }
      open();
      replay();
      checkNewest();
      if (ending == Ending.SYNC_FAILURE) {
        disk.faults().fail(Operation.SYNC, DIRECTORY, random.magnitude(1, 40), false);
      } else if (random.chance(20)) {
        fillDisk();
      }
      left = random.magnitude(1, 200);
      lane.complete(this::work);
      long killAfter = trace.events() + random.magnitude(1, 5000);
      boolean kill = ending == Ending.KILL;
      runUntil(
          () -> (left <= 0 && underWay == 0) || (kill && trace.events() > killAfter),
          "the work to be done");
      if (failure != null && ending != Ending.SYNC_FAILURE) {
        throw new Violation("the tree failed", failure);
      }
      checkNewest();
      for (Kept each : kept) {
        compare(each);
      }
      if (ending == Ending.STOP) {
        stop();
        checkCheckpoints();
      }
    }

    private void fillDisk() {
      disk.faults().capacityBytes(disk.usedBytes() + random.magnitude(1, 30_000));
      queue.after(
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
      if (appliedIndex < flushedIndex) {
        throw new Violation(
            "entries up to %d were said to be flushed, but the tables end with %d"
                .formatted(flushedIndex, appliedIndex));
      }
      if (appliedIndex > 0 && applied.term() != log.entry(appliedIndex).term()) {
        throw new Violation("term " + applied.term() + " is not that of entry " + appliedIndex);
      }
      if (TreeLog.indexIn(applied.attachment()) != appliedIndex) {
        throw new Violation(
            "the attachment is of entry %d, the tables of %d"
                .formatted(TreeLog.indexIn(applied.attachment()), appliedIndex));
      }
      model = new VersionedModel();
      log.entries().subList(0, (int) appliedIndex).forEach(entry -> TreeLog.apply(entry, model));
      if (tree().publishedVersion() != model.publishedVersion()) {
        throw new Violation(
            "the tables' last version is %s, should be %s"
                .formatted(
                    Version.toString(tree().publishedVersion()),
                    Version.toString(model.publishedVersion())));
      }
    }

    private Tree open(String directory, TreeOwner owner) {
      Tree[] opened = new Tree[1];
      lane.runNow(() -> {
        try {
          opened[0] = Tree.open(resources, lane, directory, options, owner);
        } catch (IOException e) {
          throw new Violation("the tree in " + directory + " cannot be opened", e);
        }
      });
      return opened[0];
    }

    /** Applies the rest of the log again, in pieces, as a start would. */
    private void replay() throws IOException {
      if (random.chance(50)) {
        checkNewest();
      }
      while (appliedIndex < log.lastIndex()) {
        long to = Math.min(log.lastIndex(), appliedIndex + random.between(1, 100));
        boolean[] done = new boolean[1];
        lane.complete(() -> {
          while (appliedIndex < to) {
            apply(log.entry(appliedIndex + 1));
          }
          done[0] = true;
        });
        runUntil(() -> done[0], "the replay");
      }
      log.durable(log.lastIndex());
      durableAdvanced();
    }

    private void apply(TreeLog.LogEntry entry) {
      appliedIndex = entry.index();
      TreeLog.apply(entry, model);
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
        case 0 -> checkNewest();
        case 1, 2 -> checkPast();
        case 3 -> kept.add(new Kept(tree().snapshot(), model.asOf(model.publishedVersion())));
        case 4, 5 -> {
          if (!kept.isEmpty()) {
            Kept one = kept.remove(random.below(kept.size()));
            compare(one);
            one.snapshot.close();
          }
        }
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
        case 9, 10 -> checkRange();
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
      String directory = "checkpoint-" + ++checkpoints;
      long index = appliedIndex;
      NavigableMap<byte[], VersionedModel.Cell> expected = model.asOf(model.publishedVersion());
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
                    checkpointed.add(new Checkpointed(directory, index, expected));
                  }
                }

                @Override
                public void failed(IOException why) {
                  underWay--;
                }
              });
    }

    private void checkNewest() throws IOException {
      try (Snapshot snapshot = tree().snapshot()) {
        if (snapshot.asOf() != model.publishedVersion()) {
          throw new Violation(
              "the newest snapshot is as of %s, published was %s"
                  .formatted(
                      Version.toString(snapshot.asOf()),
                      Version.toString(model.publishedVersion())));
        }
        compare(new Kept(snapshot, model.asOf(model.publishedVersion())));
      }
    }

    private void compare(Kept one) throws IOException {
      VersionedModel.compare(one.snapshot, one.expected, log.allKeys(), logMillis());
    }

    private long logMillis() {
      return Version.millis(model.publishedVersion());
    }

    private void checkPast() throws IOException {
      if (appliedIndex == 0) {
        return;
      }
      long asOf = log.entry(random.between(1, appliedIndex)).version();
      try (Snapshot snapshot = tree().snapshot(asOf)) {
        if (asOf >= model.lastClear()) {
          compare(new Kept(snapshot, model.asOf(asOf)));
        }
      } catch (HistoryGoneException e) {
        boolean kept = Version.millis(asOf) > logMillis() - options.historyMillis();
        if (kept && asOf >= model.lastClear()) {
          throw new Violation("history is kept for " + options.historyMillis() + " ms", e);
        }
        if (e.oldestReadable() <= asOf) {
          throw new Violation("said to be readable is " + e.oldestReadable(), e);
        }
      }
    }

    private void checkRange() throws IOException {
      byte[] one = log.anyKey();
      byte[] other = log.anyKey();
      boolean inOrder = java.util.Arrays.compareUnsigned(one, other) <= 0;
      KeyRange range =
          new KeyRange(
              random.chance(20) ? null : inOrder ? one : other,
              random.chance(20) ? null : inOrder ? other : one);
      try (Snapshot snapshot = tree().snapshot()) {
        VersionedModel.compareScan(
            snapshot, model.asOf(model.publishedVersion()), range, random.chance(50), logMillis());
      }
    }

    private void stop() {
      kept.forEach(each -> each.snapshot.close());
      disk.faults().clear();
      log.durable(log.lastIndex());
      durableAdvanced();
      boolean[] ended = new boolean[2];
      lane.complete(() -> tree().flush(why -> ended[0] = true));
      runUntil(() -> ended[0], "the last flush");
      if (tree().applied().index() != appliedIndex) {
        throw new Violation(
            "flushed is %d, applied was %d".formatted(tree().applied().index(), appliedIndex));
      }
      lane.complete(() -> tree().close(() -> ended[1] = true));
      runUntil(() -> ended[1], "the tree's close");
      queue.runFor(10 * SECOND);
    }

    private void checkCheckpoints() throws IOException {
      for (Checkpointed one : checkpointed) {
        Tree opened = open(one.directory, new Bystander());
        if (opened.applied().index() != one.index) {
          throw new Violation("a checkpoint opens with another index");
        }
        try (Snapshot snapshot = opened.snapshot()) {
          VersionedModel.compare(snapshot, one.expected, log.allKeys(), logMillis());
        }
        boolean[] ended = new boolean[1];
        lane.complete(() -> opened.drop(why -> ended[0] = true));
        runUntil(() -> ended[0], "the drop of a checkpoint");
        if (!disk.list(one.directory).isEmpty()) {
          throw new Violation("a dropped tree left " + disk.list(one.directory));
        }
      }
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
    public void flushed(long index) {
      trace.event("flushed", "", index, 0);
      if (index < flushedIndex || index > log.durableIndex()) {
        throw new Violation(
            "flushed to %d after %d, with the log durable to %d"
                .formatted(index, flushedIndex, log.durableIndex()));
      }
      flushedIndex = index;
    }

    @Override
    public void diskFull(boolean full) {
      trace.event("disk full", "", full ? 1 : 0, 0);
    }

    @Override
    public void failed(IOException why) {
      failure = why;
    }
  }

  /** The owner of a checkpoint that is only looked at. */
  private static final class Bystander implements TreeOwner {
    @Override
    public byte[] attachment() {
      return new byte[0];
    }

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
