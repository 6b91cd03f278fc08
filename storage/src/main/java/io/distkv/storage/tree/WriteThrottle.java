package io.distkv.storage.tree;

/**
 * How much a write must wait so that flushes and compactions keep up. A pure function of how far
 * behind they are: nothing at first, then a rate that falls by the same factor for each step of
 * arrears. So the rate settles where the upkeep can follow, instead of running free up to a wall
 * and standing still before it.
 */
final class WriteThrottle {
  /** The longest delay of a write of up to {@link #LARGE_BYTES}, at a pressure up to 1. */
  static final long MAX_DELAY_NANOS = 100_000_000L;

  /**
   * From here on the longest delay grows with the write: a bound for writes of any size would let
   * large ones in faster than they can be flushed, until memory ran out.
   */
  static final int LARGE_BYTES = 4 << 20;

  /** Rate at which throttling sets in, and the one it never goes below. */
  private static final double FASTEST_BYTES_PER_SECOND = 128.0 * (1 << 20);

  private static final double SLOWEST_BYTES_PER_SECOND = 512.0 * (1 << 10);

  /** What a write costs beyond its bytes. */
  private static final int WRITE_OVERHEAD_BYTES = 100;

  private static final double NANOS_PER_SECOND = 1e9;

  private WriteThrottle() {}

  /**
   * How far behind the upkeep of a tree is: 0 or less if it need not slow anyone down, 1 where it
   * slows writers down to the least.
   *
   * @param options of the tree
   * @param level0Tables tables in level 0; each is one more that reads look through
   * @param debtBytes that compactions have to move
   * @param frozenMemtables that wait for their flush, the one being flushed included
   */
  static double pressure(
      TreeOptions options, int level0Tables, long debtBytes, int frozenMemtables) {
    double tables =
        share(level0Tables, 5.0 * options.level0Tables(), 10.0 * options.level0Tables());
    double debt =
        share((double) debtBytes, 8.0 * options.baseLevelBytes(), 32.0 * options.baseLevelBytes());
    double frozen = share(frozenMemtables, 1, 5);
    return Math.max(tables, Math.max(debt, frozen));
  }

  /** The same for the node-wide budget of memtables. */
  static double pressure(MemtableBudget budget) {
    return share(budget.fullness(), 0.9, 1.2);
  }

  /**
   * The delay of a write.
   *
   * @param bytes of its keys and values
   * @return nanoseconds, 0 to {@link #MAX_DELAY_NANOS}, or as many times that as the write is
   *     larger than {@link #LARGE_BYTES} and the pressure above 1
   */
  static long delayNanos(double pressure, long bytes) {
    if (pressure <= 0) {
      return 0;
    }
    double ratio = SLOWEST_BYTES_PER_SECOND / FASTEST_BYTES_PER_SECOND;
    double rate = FASTEST_BYTES_PER_SECOND * Math.pow(ratio, Math.min(1, pressure));
    double nanos = (bytes + WRITE_OVERHEAD_BYTES) / rate * NANOS_PER_SECOND;
    double most =
        MAX_DELAY_NANOS * Math.max(1, pressure) * Math.max(1, (double) bytes / LARGE_BYTES);
    return (long) Math.min(most, nanos);
  }

  private static double share(double value, double none, double full) {
    return (value - none) / (full - none);
  }
}
