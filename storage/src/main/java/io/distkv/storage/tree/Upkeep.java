package io.distkv.storage.tree;

import io.distkv.base.DiskFullException;
import io.distkv.base.Lane;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a tree's work on the background workers and brings its ends back to the lane.
 *
 * <p>A job is a chain of short steps, each queued anew, so that many trees share few workers fairly
 * and a worker never waits for anything but the disk. A full disk puts a kind of work off, for
 * longer each time; any other failure ends the tree's upkeep for good.
 *
 * <p>All methods are the lane's, but for those that say otherwise.
 */
final class Upkeep {

  /** What can be put off on its own. */
  enum Kind {
    FLUSH,
    MANIFEST,
    COMPACTION
  }

  /** Work that is done in steps on a worker. */
  abstract static class Job {
    private volatile boolean cancelled;

    /** On a worker: does a bounded piece of the work; returns whether it was the last. */
    abstract boolean step() throws IOException;

    /** On a worker: bytes of the last step that count against the I/O rate. */
    long limitedBytes() {
      return 0;
    }

    /** On a worker, instead of further steps or of {@link #finish}: undoes what was done. */
    void abandon() throws IOException {}

    /** On the lane: every step is done. */
    abstract void finish();

    /** On the lane: a step failed, and what was done is undone. */
    abstract void fail(IOException why);

    /** On the lane: the job was cancelled, and what was done is undone. */
    void cancelled() {}

    /** Makes the job end before its next step. */
    final void cancel() {
      cancelled = true;
    }
  }

  private static final long FIRST_RETRY_NANOS = 100_000_000L;
  private static final long LONGEST_RETRY_NANOS = 10_000_000_000L;

  private final TreeResources resources;
  private final Lane lane;
  private final String directory;
  private final TreeOwner owner;
  private final List<Consumer<IOException>> failureListeners = new ArrayList<>();

  private final Map<Kind, Long> retryNanos = new EnumMap<>(Kind.class);
  private final Set<Kind> full = EnumSet.noneOf(Kind.class);
  private final AtomicInteger expected = new AtomicInteger();
  private int running;
  private @Nullable Runnable whenIdle;
  private volatile boolean stopped;
  private volatile boolean diskFull;
  private volatile @Nullable IOException failure;

  Upkeep(TreeResources resources, Lane lane, String directory, TreeOwner owner) {
    this.resources = resources;
    this.lane = lane;
    this.directory = directory;
    this.owner = owner;
  }

  /** Has someone told, on the lane, should all upkeep end for good. */
  void whenFailed(Consumer<IOException> listener) {
    failureListeners.add(listener);
  }

  /** Why nothing will be written any more; null if all is well. On any thread. */
  @Nullable IOException failure() {
    return failure;
  }

  /** Whether some work waits for space on the disk. On any thread. */
  boolean isDiskFull() {
    return diskFull;
  }

  /** Whether new work may begin. */
  boolean isOpen() {
    return !stopped && failure == null;
  }

  /** Begins a job. */
  void start(Job job) {
    running++;
    resources.background().execute(() -> run(job));
  }

  private void run(Job job) {
    IOException why = null;
    boolean last = false;
    boolean cancelled = stopped || job.cancelled;
    if (!cancelled) {
      try {
        last = job.step();
      } catch (IOException e) {
        why = e;
      } catch (RuntimeException e) {
        why = new IOException("a defect in the upkeep of " + directory, e);
      }
    }
    if (last) {
      lane.complete(() -> finish(job));
    } else if (cancelled || why != null) {
      abandon(job, why);
    } else {
      long delayNanos = resources.ioRate().take(job.limitedBytes());
      if (delayNanos > 0) {
        resources.background().schedule(delayNanos, () -> run(job));
      } else {
        resources.background().execute(() -> run(job));
      }
    }
  }

  private void finish(Job job) {
    if (stopped || job.cancelled) {
      resources.background().execute(() -> abandon(job, null));
    } else {
      job.finish();
      ended();
    }
  }

  private void abandon(Job job, @Nullable IOException why) {
    IOException failure = why;
    try {
      job.abandon();
    } catch (IOException e) {
      if (failure == null) {
        failure = e;
      } else {
        failure.addSuppressed(e);
      }
    }
    IOException reason = failure;
    lane.complete(() -> abandoned(job, reason));
  }

  private void abandoned(Job job, @Nullable IOException why) {
    if (stopped || job.cancelled) {
      if (why != null) {
        resources.listener().upkeepFailed(directory, why);
      }
      job.cancelled();
    } else if (why != null) {
      job.fail(why);
    }
    ended();
  }

  private void ended() {
    running--;
    tellIfIdle();
  }

  /** On any thread: says that the lane has a task queued that the end must wait for. */
  void expect() {
    expected.incrementAndGet();
  }

  /** On the lane: that task runs now. */
  void arrived() {
    expected.decrementAndGet();
    tellIfIdle();
  }

  /** Whether the tree is being closed. On any thread. */
  boolean isStopped() {
    return stopped;
  }

  /** Takes note that a kind of work came through. */
  void succeeded(Kind kind) {
    retryNanos.remove(kind);
    if (full.remove(kind) && full.isEmpty()) {
      diskFull = false;
      owner.diskFull(false);
    }
  }

  /** Has a piece of work tried again later if the disk was full, and gives everything up if not. */
  void failed(Kind kind, IOException why, Runnable retry) {
    if (!(why instanceof DiskFullException)) {
      giveUp(why);
      return;
    }
    resources.listener().upkeepFailed(directory, why);
    if (full.add(kind) && !diskFull) {
      diskFull = true;
      owner.diskFull(true);
    }
    long delayNanos = retryNanos.getOrDefault(kind, FIRST_RETRY_NANOS);
    retryNanos.put(kind, Math.min(2 * delayNanos, LONGEST_RETRY_NANOS));
    lane.schedule(
        delayNanos,
        () -> {
          if (isOpen()) {
            retry.run();
          }
        });
  }

  /** Ends all upkeep for good; reads go on. */
  void giveUp(IOException why) {
    if (failure == null) {
      IOException named = new IOException("upkeep of " + directory + " failed: " + why, why);
      failure = named;
      resources.listener().upkeepFailed(directory, why);
      failureListeners.forEach(listener -> listener.accept(named));
    }
  }

  /** Lets no more work begin, ends what runs at its next step, and then calls back. */
  void stop(Runnable idle) {
    if (whenIdle != null) {
      throw new IllegalStateException(directory + " is being closed already");
    }
    stopped = true;
    whenIdle = idle;
    tellIfIdle();
  }

  private void tellIfIdle() {
    Runnable idle = whenIdle;
    if (stopped && running == 0 && expected.get() == 0 && idle != null) {
      whenIdle = () -> {};
      idle.run();
    }
  }
}
