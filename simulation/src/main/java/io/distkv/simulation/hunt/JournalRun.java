package io.distkv.simulation.hunt;

import io.distkv.base.Disk;
import io.distkv.simulation.disk.DiskFaults.Operation;
import io.distkv.simulation.disk.SimulatedCrash;
import io.distkv.simulation.disk.SimulatedDisk;
import io.distkv.simulation.world.Delays;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedLane;
import io.distkv.simulation.world.SimulatedProcess;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import io.distkv.storage.journal.Journal;
import io.distkv.storage.journal.JournalEnvironment;
import io.distkv.storage.journal.JournalListener;
import io.distkv.storage.journal.JournalOptions;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One seed of a journal alone: random replicas append and release records of random sizes and
 * urgencies, through power cuts, kills, failed syncs, full disks and stops. What a restart replays
 * must be, byte for byte, one run of what was appended: from no later than the first record that
 * somebody needs, to no earlier than what was told to be durable (or, where the power stayed on,
 * written).
 */
final class JournalRun {
  private static final long SECOND = 1_000_000_000L;
  private static final long PATIENCE_NANOS = 600 * SECOND;
  private static final String DIRECTORY = "journal";
  private static final String FULL_DISK = "told of a full disk";

  private final SimulatedRandomness random;
  private final Trace trace;
  private final EventQueue queue;
  private final SimulatedDisk disk;
  private final Disk program;
  private final JournalOptions options;
  private final JournalBook book;
  private long appended;
  private int lives;
  private int powerCuts;

  JournalRun(long seed, Trace trace) {
    this(seed, trace, disk -> disk);
  }

  /**
   * @param between makes the disk that the journal sees; a test puts a lying one there
   */
  JournalRun(long seed, Trace trace, UnaryOperator<Disk> between) {
    this.random = new SimulatedRandomness(seed);
    this.trace = trace;
    this.queue = new EventQueue(trace);
    this.disk = new SimulatedDisk(random.fork(), trace);
    this.program = between.apply(disk);
    int segmentBytes = (int) random.between(8 * 1024, random.pick(16, 64, 300) * 1024L);
    this.options =
        new JournalOptions(
            segmentBytes, (int) random.between(8 * 1024, segmentBytes), random.pick(4096, 1 << 20));
    this.book = new JournalBook(random.fork(), 1 + random.below(6), random.pick(50, 1000, 40_000));
    for (Ending ending : Ending.values()) {
      trace.tally().expect(ending.way());
    }
    trace.tally().expect(FULL_DISK);
  }

  Scenario.Outcome run() {
    for (int left = 1 + random.below(8); left > 0; left--) {
      live(random.pick(Ending.values()));
    }
    live(Ending.STOP);
    return new Scenario.Outcome(trace.hex(), trace.events(), appended, lives, powerCuts);
  }

  private void live(Ending ending) {
    lives++;
    trace.event("life", ending.name(), lives, disk.usedBytes());
    trace.tally().count(ending.way());
    SimulatedRandomness itsRandom = random.fork();
    SimulatedProcess process =
        new SimulatedProcess("life " + lives, queue, itsRandom, Delays.draw(itsRandom), 1, 1000);
    try {
      new Life(process).run(ending);
      process.kill();
      if (ending == Ending.STOP && !disk.openFiles().isEmpty()) {
        throw new Violation(
            "a closed journal left open " + disk.openFiles().stream().limit(5).toList());
      }
      disk.killProcess();
      if (ending == Ending.SYNC_FAILURE || random.chance(30)) {
        cutPower();
      }
    } catch (SimulatedCrash e) {
      process.kill();
      disk.killProcess();
      if (ending == Ending.POWER_CUT) {
        cutPower();
      }
    }
    disk.faults().clear();
  }

  private void cutPower() {
    powerCuts++;
    disk.crash();
    book.powerCut();
  }

  private void runUntil(BooleanSupplier condition, String what) {
    queue.runUntil(
        () -> {
          if (disk.isDown()) {
            throw new SimulatedCrash("the journal went on after the power cut");
          }
          return condition.getAsBoolean();
        },
        PATIENCE_NANOS,
        what);
  }

  /** The journal from one opening to its end. */
  private final class Life implements JournalListener {
    private final SimulatedProcess process;
    private final SimulatedLane lane;
    private @Nullable Journal journal;
    private @Nullable IOException failure;
    private long left;

    Life(SimulatedProcess process) {
      this.process = process;
      this.lane = process.lanes().getFirst();
    }

    void run(Ending ending) {
      if (ending.isAtStep()) {
        disk.faults().crashWithin(random, disk.steps(), 400);
      }
      Journal opened = open();
      journal = opened;
      if (random.chance(20)) {
        disk.faults().capacityBytes(disk.usedBytes() + random.magnitude(1, 100_000));
        queue.after(
            random.magnitude(1, 20 * SECOND),
            "room on the disk",
            () -> disk.faults().capacityBytes(Long.MAX_VALUE));
      }
      if (ending == Ending.SYNC_FAILURE) {
        disk.faults().fail(Operation.SYNC, DIRECTORY, random.magnitude(1, 40), false);
      }
      left = random.magnitude(1, 500);
      lane.complete(this::appendSome);
      long killAfter = trace.events() + random.magnitude(1, 3000);
      boolean kill = ending == Ending.KILL;
      runUntil(
          () -> failure != null || (left <= 0 && settled()) || (kill && trace.events() > killAfter),
          "all records to be written, and durable where asked for");
      if (failure != null && ending != Ending.SYNC_FAILURE) {
        throw new Violation("the journal failed", failure);
      }
      if (ending == Ending.STOP) {
        disk.faults().clear();
        boolean[] closed = new boolean[1];
        lane.complete(() -> opened.close(() -> closed[0] = true));
        runUntil(() -> closed[0], "the close of the journal");
        book.closed();
      }
    }

    private Journal open() {
      Journal[] opened = new Journal[1];
      JournalBook.Replay replay = book.replay();
      JournalEnvironment environment =
          new JournalEnvironment(
              program,
              DIRECTORY,
              1,
              lane,
              process.workers("sync", 1, 1000),
              process.workers("background", 2, 1000),
              random.fork());
      lane.runNow(() -> {
        try {
          opened[0] = Journal.open(environment, options, replay, this);
        } catch (IOException e) {
          throw new Violation("the journal cannot be opened", e);
        }
      });
      replay.end();
      return opened[0];
    }

    private Journal journal() {
      Journal open = journal;
      if (open == null) {
        throw new IllegalStateException("not open");
      }
      return open;
    }

    private void appendSome() {
      for (int i = random.below(12); i >= 0 && left > 0 && failure == null; i--) {
        left--;
        if (random.chance(15)) {
          book.releaseSome(journal());
        } else if (journal().hasRoomFor(100)) {
          appended++;
          book.appendOne(journal(), queue.nowNanos());
        }
      }
      if (left > 0 && failure == null) {
        lane.schedule(
            random.chance(80) ? random.below(100_000) : random.magnitude(1, 3 * SECOND),
            this::appendSome);
      }
    }

    private boolean settled() {
      return book.allWritten() && book.allDurableThatMust();
    }

    @Override
    public void advanced(long writtenPosition, long durablePosition) {
      trace.event("advanced", "", writtenPosition, durablePosition);
      if (writtenPosition < durablePosition) {
        throw new Violation("durable beyond what is written");
      }
      book.advanced(writtenPosition, durablePosition);
    }

    @Override
    public void failed(IOException cause) {
      if (failure != null) {
        throw new Violation("told twice of a failure", cause);
      }
      failure = cause;
    }

    @Override
    public void diskFull(boolean full) {
      trace.event("disk full", "", full ? 1 : 0, 0);
      trace.tally().count(FULL_DISK);
    }
  }
}
