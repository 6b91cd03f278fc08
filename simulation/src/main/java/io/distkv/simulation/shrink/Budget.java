package io.distkv.simulation.shrink;

import java.util.function.LongSupplier;

/** How often, and for how long, something may be tried. */
public final class Budget {
  private final int mostRuns;
  private final LongSupplier clockNanos;
  private final long endNanos;
  private int runs;

  /**
   * Begins now.
   *
   * @param clockNanos of the machine, not of a simulated world
   */
  public Budget(int mostRuns, long mostNanos, LongSupplier clockNanos) {
    this.mostRuns = mostRuns;
    this.clockNanos = clockNanos;
    endNanos = clockNanos.getAsLong() + mostNanos;
  }

  /** Whether there is any left; if so, one more run is taken from it. */
  public boolean take() {
    if (isSpent()) {
      return false;
    }
    runs++;
    return true;
  }

  public boolean isSpent() {
    return runs >= mostRuns || clockNanos.getAsLong() - endNanos >= 0;
  }

  /** How many runs were taken. */
  public int runs() {
    return runs;
  }
}
