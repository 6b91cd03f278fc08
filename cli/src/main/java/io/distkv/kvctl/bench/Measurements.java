package io.distkv.kvctl.bench;

import io.distkv.kvctl.wire.ServerError;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a benchmark saw, of the operations that began at or after the end of the warm-up. Any number
 * of threads may record at once.
 *
 * <p>"Began" means the moment at which the operation was due: in an open loop that is given by the
 * rate, and the time that an operation had to wait for an earlier one is part of its latency.
 * Timing from the actual sending would leave out exactly the waiting that a stalled node causes,
 * because a client that waits sends little (coordinated omission).
 */
final class Measurements {
  private static final long LONGEST_NANOS = 3_600_000_000_000L;
  private static final int SIGNIFICANT_DIGITS = 3;
  private static final int STRIPES = Math.max(2, Runtime.getRuntime().availableProcessors());

  /** One histogram for each group of connections, so that not all write to the same memory. */
  private final Histogram[] reads = histograms();

  private final Histogram[] writes = histograms();
  private final LongAdder completed = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder unsent = new LongAdder();
  private final Map<String, LongAdder> errors = new ConcurrentSkipListMap<>();
  private final AtomicLong lastNanos;
  private final long fromNanos;

  /** Measurements of what begins at or after an instant of {@link System#nanoTime}. */
  Measurements(long fromNanos) {
    this.fromNanos = fromNanos;
    this.lastNanos = new AtomicLong(fromNanos);
  }

  private static Histogram[] histograms() {
    Histogram[] histograms = new Histogram[STRIPES];
    for (int i = 0; i < STRIPES; i++) {
      histograms[i] = new ConcurrentHistogram(1_000, LONGEST_NANOS, SIGNIFICANT_DIGITS);
    }
    return histograms;
  }

  boolean counts(long dueNanos) {
    return dueNanos - fromNanos >= 0;
  }

  /** Records an operation that was due, and whose reply is just there. */
  void record(int connection, boolean read, long dueNanos, @Nullable Object reply) {
    if (!counts(dueNanos)) {
      return;
    }
    long now = System.nanoTime();
    lastNanos.accumulateAndGet(now, (a, b) -> a - b > 0 ? a : b);
    if (reply instanceof ServerError error) {
      errors.computeIfAbsent(error.code(), _ -> new LongAdder()).increment();
      return;
    }
    if (read && reply == null) {
      misses.increment();
    }
    Histogram histogram = (read ? reads : writes)[connection % STRIPES];
    histogram.recordValue(Math.clamp(now - dueNanos, 0, LONGEST_NANOS));
    completed.increment();
  }

  /** Records operations whose replies never came, because the connection broke. */
  void recordLost(long operations) {
    lost.add(operations);
  }

  /** Records operations that were due but could not be sent before the benchmark gave up. */
  void recordUnsent(long operations) {
    unsent.add(operations);
  }

  long completed() {
    return completed.sum();
  }

  long misses() {
    return misses.sum();
  }

  long lost() {
    return lost.sum();
  }

  long unsent() {
    return unsent.sum();
  }

  /** How often each error code came. */
  Map<String, LongAdder> errors() {
    return errors;
  }

  long failures() {
    return lost() + unsent() + errors.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** From the end of the warm-up to the last reply. */
  double seconds() {
    return Math.max(1e-9, (lastNanos.get() - fromNanos) / 1e9);
  }

  /** Latencies in nanoseconds. */
  Histogram reads() {
    return sum(reads);
  }

  /** Latencies in nanoseconds. */
  Histogram writes() {
    return sum(writes);
  }

  private static Histogram sum(Histogram[] parts) {
    Histogram sum = new Histogram(1_000, LONGEST_NANOS, SIGNIFICANT_DIGITS);
    for (Histogram part : parts) {
      sum.add(part);
    }
    return sum;
  }
}
