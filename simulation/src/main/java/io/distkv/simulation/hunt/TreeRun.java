package io.distkv.simulation.hunt;

import io.distkv.base.Disk;
import io.distkv.base.Version;
import io.distkv.simulation.world.SimulatedClock;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import io.distkv.storage.table.Compression;
import io.distkv.storage.table.TableOptions;
import io.distkv.storage.tree.TreeOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * One seed of a tree alone, over a log that never loses what it said was durable: random entries
 * are applied while flushes and compactions run, through power cuts, kills, failed syncs, full
 * disks and stops. Checked: the tables never hold more of the log than is durable, nor less than
 * the tree said they do; with the rest of the log applied again, every snapshot, old or new, shows
 * what it should; and so does every checkpoint.
 */
final class TreeRun extends Lives {
  private static final long SECOND = 1_000_000_000L;
  private static final long DAY_MILLIS = 86_400_000L;

  /** At the lowest rate of background work, a few megabytes take hours. */
  private static final long PATIENCE_NANOS = 10 * 3600 * SECOND;

  private final SimulatedClock clock;
  private final TreeOptions options;
  private final TreeLog log;
  private long flushedIndex;
  private int checkpoints;

  TreeRun(long seed, Trace trace) {
    this(seed, trace, disk -> disk);
  }

  /**
   * @param between makes the disk that the tree sees; a test puts a lying one there
   */
  TreeRun(long seed, Trace trace, UnaryOperator<Disk> between) {
    super(seed, trace, between);
    SimulatedRandomness random = random();
    this.clock = new SimulatedClock(queue(), random.fork());
    this.options = drawOptions(random);
    this.log = new TreeLog(random.fork(), random.pick(3, 30, 100), random.pick(100, 2_000, 30_000));
    TreeLife.WAYS.forEach(trace.tally()::expect);
  }

  /** Options of a tree so small that everything in it happens often. */
  static TreeOptions drawOptions(SimulatedRandomness random) {
    List<Compression> compressions = new ArrayList<>();
    for (int level = 0; level < TreeOptions.LEVELS; level++) {
      compressions.add(random.pick(Compression.values()));
    }
    long memtableBytes = random.magnitude(500, 200_000);
    // Not drawn: any value will do, and what is drawn behind it stays as it was.
    long agingPauseMillis = 1 + memtableBytes % 100;
    return new TreeOptions(
        memtableBytes,
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
        random.magnitude(100, 100_000),
        agingPauseMillis);
  }

  Scenario.Outcome run() {
    liveSeveralTimes(6);
    return outcome(log.lastIndex());
  }

  @Override
  void live(Ending ending) {
    if (lives() % 2 == 0) {
      sleepForADay();
    }
    liveAsProcess(ending, true, "tree", process -> new TreeLife(this, process).run(ending));
  }

  /** The wall clock comes to be ahead of the log, as if nobody had written for long. */
  private void sleepForADay() {
    if (log.lastIndex() > 0) {
      long logMillis = Version.millis(log.entry(log.lastIndex()).version());
      clock.jumpMillis(Math.max(logMillis, clock.wallMillis()) + DAY_MILLIS - clock.wallMillis());
    }
  }

  @Override
  void powerWasCut() {
    log.powerCut();
  }

  /** Runs events until something holds. */
  void runUntil(BooleanSupplier condition, String what) {
    runUntil(condition, PATIENCE_NANOS, what);
  }

  SimulatedClock clock() {
    return clock;
  }

  TreeOptions options() {
    return options;
  }

  /** How many files of tables may be open: not drawn, as the pause of aging is not. */
  int mostOpenTables() {
    return 1 + (int) (options.memtableBytes() % 10);
  }

  TreeLog log() {
    return log;
  }

  /** How far the tree has said that its tables hold the log. */
  long flushedIndex() {
    return flushedIndex;
  }

  void flushed(long index) {
    flushedIndex = index;
  }

  /** A folder for the next checkpoint. */
  String nextCheckpoint() {
    return "checkpoint-" + ++checkpoints;
  }
}
