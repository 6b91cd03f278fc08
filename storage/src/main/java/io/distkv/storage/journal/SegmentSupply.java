package io.distkv.storage.journal;

import io.distkv.base.DiskFile;
import io.distkv.base.DiskFullException;
import io.distkv.base.Lane;
import io.distkv.base.Workers;
import io.distkv.storage.journal.Segment.Maker;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one segment ready ahead of the log, so that an append overwrites zeros (or an old segment)
 * and never makes a file grow: a sync then need not write the file's size and block map too.
 *
 * <p>All is done by the background workers in small steps, one at a time: given-up segments first,
 * oldest first, because they free space or become spares; then a spare is made into the next
 * segment; where there is no spare, one is zero-filled, a piece a step. The lane takes what is
 * ready; when nothing is (a burst was faster than the disk, or the disk is full), it gets a segment
 * that the sync worker makes itself, which grows as it is written: slower, and correct.
 *
 * <p>Used on the lane only, but for the steps.
 */
final class SegmentSupply {
  /** What one step zero-fills and syncs: some 10 ms of a disk. */
  private static final int STEP_BYTES = 1024 * 1024;

  /** Spares beyond these are deleted: the log has shrunk. */
  private static final int MOST_SPARES = 2;

  private static final int GROWTH = 4;
  private static final long RETRY_NANOS = 1_000_000_000L;

  /** A file that is no segment. */
  record Spare(String path, long sizeBytes) {}

  /** A step; runs on a worker. */
  private interface Step {
    /** What to do on the lane afterwards. */
    Runnable run() throws IOException;
  }

  private final SegmentFiles files;
  private final JournalEnvironment environment;
  private final JournalOptions options;
  private final Lane lane;
  private final Workers background;
  private final long journalId;
  private final Runnable onReady;
  private final Consumer<IOException> onFailure;
  private final ArrayDeque<Segment> ahead = new ArrayDeque<>();
  private final ArrayDeque<Spare> spares = new ArrayDeque<>();
  private final ArrayDeque<Segment> givenUp = new ArrayDeque<>();

  /** The segment that the log ends in. */
  private Segment lastTaken;

  private long nextNumber;
  private long nextSpareNumber;
  private long lastCapacityBytes;
  private boolean busy;
  private boolean diskFull;
  private boolean stopped;

  /** Numbered, and not a segment on the disk yet; may be taken already. */
  private @Nullable Segment unstamped;

  private Lane.@Nullable Cancellable retry;
  private @Nullable Runnable whenStopped;

  /**
   * @param recovered the journal as it was opened
   * @param onReady run on the lane when a segment became ready or the disk's being full changed
   * @param onFailure told on the lane of an error other than a full disk
   */
  SegmentSupply(
      JournalEnvironment environment,
      JournalOptions options,
      Recovery recovered,
      Runnable onReady,
      Consumer<IOException> onFailure) {
    this.files = recovered.files();
    this.journalId = environment.journalId();
    this.lastTaken = recovered.segments().getLast();
    this.environment = environment;
    this.options = options;
    this.lane = environment.lane();
    this.background = environment.background();
    this.onReady = onReady;
    this.onFailure = onFailure;
  }

  /** Before the first use: what is there after a start. */
  void begin(Iterable<Segment> readyAhead, Iterable<Spare> found, long firstFreeSpareNumber) {
    readyAhead.forEach(ahead::add);
    found.forEach(spares::add);
    nextSpareNumber = firstFreeSpareNumber;
    Segment last = ahead.isEmpty() ? lastTaken : ahead.getLast();
    nextNumber = last.number() + 1;
    lastCapacityBytes = last.header().capacityBytes();
  }

  private SegmentHeader nextHeader(long capacityBytes, boolean filled) {
    lastCapacityBytes = capacityBytes;
    int salt = (int) environment.randomness().nextLong();
    return new SegmentHeader(journalId, nextNumber++, capacityBytes, filled, salt);
  }

  /** The next segment for the log; ready, or about to be made ready. */
  Segment take() {
    Segment segment = ahead.poll();
    if (segment == null) {
      segment = new Segment(nextHeader(grownCapacityBytes(), false), Maker.WRITER);
    }
    lastTaken = segment;
    work();
    return segment;
  }

  /** A segment that nobody needs and that the log has left; called in order, oldest first. */
  void giveUp(Segment segment) {
    givenUp.add(segment);
    work();
  }

  boolean diskFull() {
    return diskFull;
  }

  /** Bytes that can be appended to segments that are ready. */
  long readyBytes() {
    long bytes = 0;
    for (Segment segment : ahead) {
      if (segment.file() != null) {
        bytes += segment.header().capacityBytes() - SegmentHeader.BLOCK_BYTES;
      }
    }
    return bytes;
  }

  private long grownCapacityBytes() {
    return Math.min(options.segmentBytes(), GROWTH * lastCapacityBytes);
  }

  /** Starts the next step, if there is something to do and none is under way. */
  void work() {
    if (busy || stopped) {
      return;
    }
    Segment oldest = givenUp.peek();
    Spare spare = spares.peek();
    if (oldest != null) {
      giveUpStep(oldest);
    } else if (retry != null) {
      return;
    } else if (unstamped != null) {
      // Only after a disk that was full in the middle.
      stampStep(unstamped);
    } else if (ahead.isEmpty() && spare != null && lastTaken.file() != null) {
      // Not before the one taken last is a file: a crash would leave a gap in the numbers.
      Segment segment = new Segment(nextHeader(spare.sizeBytes(), true), Maker.SUPPLY);
      ahead.add(segment);
      unstamped = segment;
      stampStep(segment);
    } else if (ahead.isEmpty() && spare == null) {
      Spare empty = new Spare(newSparePath(), grownCapacityBytes());
      step(() -> createStep(empty));
    }
  }

  private String newSparePath() {
    return files.path(nextSpareNumber++, SegmentFiles.SPARE_SUFFIX);
  }

  private void giveUpStep(Segment segment) {
    Spare spare = new Spare(newSparePath(), options.segmentBytes());
    boolean wanted = spares.size() < MOST_SPARES;
    step(() -> {
      // Neither one that never was zero-filled whole, nor one that a large record made grow.
      boolean keep = wanted && files.sizeOf(segment.number()) == spare.sizeBytes();
      if (keep) {
        files.retire(segment.number(), spare.path());
      } else {
        files.delete(segment.number());
      }
      return () -> gaveUp(spare, keep);
    });
  }

  private void gaveUp(Spare spare, boolean kept) {
    givenUp.remove();
    if (kept) {
      spares.add(spare);
    }
    cancelRetry();
    diskFullIs(false);
  }

  private void stampStep(Segment segment) {
    Spare spare = spares.element();
    step(() -> {
      DiskFile file = files.disk().open(spare.path());
      try {
        files.stamp(file, spare.path(), segment.header());
      } catch (IOException e) {
        file.close();
        throw e;
      }
      segment.ready(file);
      return () -> {
        spares.remove();
        unstamped = null;
        onReady.run();
      };
    });
  }

  private Runnable createStep(Spare spare) throws IOException {
    DiskFile file = files.disk().create(spare.path());
    return () -> fillStep(spare, file, 0);
  }

  private void fillStep(Spare spare, DiskFile file, long from) {
    long to = Math.min(from + STEP_BYTES, spare.sizeBytes());
    boolean stop = stopped;
    step(() -> {
      try {
        if (!stop) {
          SegmentFiles.zeroFill(file, from, to);
        }
      } catch (DiskFullException e) {
        file.close();
        files.disk().delete(spare.path());
        throw e;
      }
      if (!stop && to < spare.sizeBytes()) {
        return () -> fillStep(spare, file, to);
      }
      file.close();
      return () -> filled(spare, !stop);
    });
  }

  private void filled(Spare spare, boolean whole) {
    if (whole) {
      spares.add(spare);
      diskFullIs(false);
    }
  }

  /** Runs a step on a worker, then its continuation on the lane, then looks for the next. */
  private void step(Step step) {
    busy = true;
    background.execute(() -> {
      try {
        Runnable continuation = step.run();
        lane.complete(() -> stepDone(continuation));
      } catch (DiskFullException e) {
        lane.complete(() -> stepDone(this::foundDiskFull));
      } catch (IOException e) {
        lane.complete(() -> stepFailed(e));
      }
    });
  }

  private void stepDone(Runnable continuation) {
    busy = false;
    continuation.run();
    next();
  }

  private void stepFailed(IOException cause) {
    stopped = true;
    busy = false;
    onFailure.accept(cause);
    next();
  }

  private void next() {
    work();
    Runnable stop = whenStopped;
    if (stop != null && !busy) {
      whenStopped = null;
      stop.run();
    }
  }

  private void foundDiskFull() {
    diskFullIs(true);
    retry =
        lane.schedule(
            RETRY_NANOS,
            () -> {
              retry = null;
              work();
            });
  }

  private void diskFullIs(boolean full) {
    if (diskFull != full) {
      diskFull = full;
      onReady.run();
    }
  }

  /** Begins no more steps, and runs {@code then} on the lane when none is under way. */
  void stop(Runnable then) {
    stopped = true;
    cancelRetry();
    whenStopped = then;
    next();
  }

  private void cancelRetry() {
    if (retry != null) {
      retry.cancel();
      retry = null;
    }
  }

  /** After the stop: closes the files of the segments that were ready. */
  void close() throws IOException {
    for (Segment segment : ahead) {
      DiskFile file = segment.file();
      if (file != null) {
        file.close();
      }
    }
  }
}
