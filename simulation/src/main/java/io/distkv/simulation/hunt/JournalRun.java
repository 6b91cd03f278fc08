package io.distkv.simulation.hunt;

import io.distkv.base.Disk;
import io.distkv.simulation.disk.DiskFaults.Operation;
import io.distkv.simulation.disk.SimulatedDisk;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedLane;
import io.distkv.simulation.world.SimulatedProcess;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import io.distkv.simulation.world.Violation;
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
final class JournalRun extends Lives {
  private static final long SECOND = 1_000_000_000L;
  private static final long PATIENCE_NANOS = 600 * SECOND;
  private static final String DIRECTORY = "journal";
  private static final String FULL_DISK = "told of a full disk";

  private final SimulatedRandomness random = random();
  private final Trace trace = trace();
  private final EventQueue queue = queue();
  private final SimulatedDisk disk = disk();
  private final JournalOptions options;
  private final JournalBook book;
  private long appended;

  JournalRun(long seed, Trace trace) {
    this(seed, trace, disk -> disk);
  }

  /**
   * @param between makes the disk that the journal sees; a test puts a lying one there
   */
  JournalRun(long seed, Trace trace, UnaryOperator<Disk> between) {
    super(seed, trace, between);
    int segmentBytes = (int) random.between(8 * 1024, random.pick(16, 64, 300) * 1024L);
    this.options =
        new JournalOptions(
            segmentBytes, (int) random.between(8 * 1024, segmentBytes), random.pick(4096, 1 << 20));
    this.book = new JournalBook(random.fork(), 1 + random.below(6), random.pick(50, 1000, 40_000));
    trace.tally().expect(FULL_DISK);
  }

  Scenario.Outcome run() {
    liveSeveralTimes(8);
    return outcome(appended);
  }

  @Override
  void live(Ending ending) {
    boolean mayGoOn = ending != Ending.SYNC_FAILURE;
    liveAsProcess(ending, mayGoOn, "journal", process -> new OpenJournal(process).run(ending));
  }

  @Override
  void powerWasCut() {
    book.powerCut();
  }

  private void runUntil(BooleanSupplier condition, String what) {
    runUntil(condition, PATIENCE_NANOS, what);
  }

  /** The journal from one opening to its end. */
  private final class OpenJournal implements JournalListener {
    private final SimulatedProcess process;
    private final SimulatedLane lane;
    private @Nullable Journal journal;
    private @Nullable IOException failure;
    private long left;

    OpenJournal(SimulatedProcess process) {
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
              program(),
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
