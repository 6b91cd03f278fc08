package io.distkv.server.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long things took, counted in fixed classes of duration: a histogram that costs its one writer
 * two plain additions and may be read by any thread, a moment late.
 */
final class LatencyCounters {
  /** Upper bounds of the classes in nanoseconds; what is longer falls into one more class. */
  private static final long[] BOUNDS_NANOS = {
    20_000,
    50_000,
    100_000,
    200_000,
    500_000,
    1_000_000,
    2_000_000,
    5_000_000,
    10_000_000,
    20_000_000,
    50_000_000,
    100_000_000,
    200_000_000,
    500_000_000,
    1_000_000_000,
    2_000_000_000,
    5_000_000_000L,
    10_000_000_000L
  };

  static final int CLASSES = BOUNDS_NANOS.length + 1;

  private static final int SUM = CLASSES;

  private final AtomicLongArray counts = new AtomicLongArray(CLASSES + 1);

  /** By the one writing thread only. */
  void record(long nanos) {
    int index = 0;
    while (index < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[index]) {
      index++;
    }
    counts.setOpaque(index, counts.getPlain(index) + 1);
    counts.setOpaque(SUM, counts.getPlain(SUM) + nanos);
  }

  /** How many fell into a class; any thread. */
  long count(int index) {
    return counts.getOpaque(index);
  }

  /** All durations together, in nanoseconds; any thread. */
  long sumNanos() {
    return counts.getOpaque(SUM);
  }

  /** The upper bounds of all classes in seconds, the last infinite. */
  static double[] boundsSeconds() {
    double[] seconds = new double[CLASSES];
    for (int i = 0; i < BOUNDS_NANOS.length; i++) {
      seconds[i] = BOUNDS_NANOS[i] / 1e9;
    }
    seconds[CLASSES - 1] = Double.POSITIVE_INFINITY;
    return seconds;
  }
}
