package io.distkv.bench.overload;

import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Load of one kind for a while. What is measured is the wait from when a batch was to begin, which
 * an open load decides alone: one that begins late because the generator or the connection is
 * behind has waited that long (no coordinated omission).
 */
final class Phase {
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** A moment for those that it shares the processor with. */
  private static final long SHORT_NANOS = 50_000;

  /** Beyond it, what an open load brings is not begun: the generator's memory has an end. */
  private static final int MOST_UNDER_WAY = 20_000;

  private final Batches batches;
  private final ConcurrentHistogram taken = new ConcurrentHistogram(MOST_NANOS, 3);
  private final ConcurrentHistogram refusedWaits = new ConcurrentHistogram(MOST_NANOS, 3);
  private final LongAdder others = new LongAdder();
  private volatile long measureFromNanos;

  /**
   * What came of it.
   *
   * @param others batches that ended otherwise than done or refused, or were not begun
   */
  record Outcome(
      double offeredPerSecond,
      double takenPerSecond,
      double refusedPerSecond,
      long others,
      double medianMillis,
      double tailMillis,
      double refusedTailMillis) {}

  Phase(Batches batches) {
    this.batches = batches;
  }

  /** So many at once, for so long, the first part of it not measured. */
  Outcome closed(int inFlight, Duration warmUp, Duration length) {
    long began = System.nanoTime();
    measureFromNanos = began + warmUp.toNanos();
    long end = measureFromNanos + length.toNanos();
    long begun = 0;
    while (System.nanoTime() < end) {
      if (batches.underWay() < inFlight) {
        begin(System.nanoTime());
        begun++;
      } else {
        LockSupport.parkNanos(SHORT_NANOS);
      }
    }
    return outcome(begun / ((System.nanoTime() - began) / 1e9), length);
  }

  /** So many a second, whatever becomes of them. */
  Outcome open(double perSecond, Duration warmUp, Duration length) {
    long began = System.nanoTime();
    measureFromNanos = began + warmUp.toNanos();
    long end = measureFromNanos + length.toNanos();
    double nanosEach = 1e9 / perSecond;
    long begun = 0;
    while (true) {
      long due = began + Math.round(begun * nanosEach);
      if (due >= end) {
        break;
      }
      long early = due - System.nanoTime();
      if (early > 0) {
        LockSupport.parkNanos(early);
      } else {
        if (batches.underWay() < MOST_UNDER_WAY) {
          begin(due);
        } else if (due >= measureFromNanos) {
          others.increment();
        }
        begun++;
      }
    }
    return outcome(perSecond, length);
  }

  private void begin(long dueNanos) {
    batches.begin(status -> {
      if (dueNanos < measureFromNanos) {
        return;
      }
      long nanos = Math.clamp(System.nanoTime() - dueNanos, 0, MOST_NANOS);
      if (status == Status.Code.OK) {
        taken.recordValue(nanos);
      } else if (status == Status.Code.RESOURCE_EXHAUSTED) {
        refusedWaits.recordValue(nanos);
      } else {
        others.increment();
      }
    });
  }

  private Outcome outcome(double offered, Duration length) {
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (batches.underWay() > 0 && System.nanoTime() < patience) {
      LockSupport.parkNanos(1_000_000);
    }
    double seconds = length.toNanos() / 1e9;
    return new Outcome(
        offered,
        taken.getTotalCount() / seconds,
        refusedWaits.getTotalCount() / seconds,
        others.sum() + batches.underWay(),
        taken.getValueAtPercentile(50) / 1e6,
        taken.getValueAtPercentile(99) / 1e6,
        refusedWaits.getValueAtPercentile(99) / 1e6);
  }
}
