package io.distkv.simulation.world;

import io.distkv.base.Clock;

/**
 * A machine's clocks over the world's virtual time. Each look at the monotonic clock lets a few
 * nanoseconds pass, so that code that waits for time to pass sees it pass. The wall clock can be
 * set ahead or back; and both may run faster or slower than the world.
 */
public final class SimulatedClock implements Clock {
  private static final long START_MILLIS = 1_800_000_000_000L;
  private static final int LOOK_NANOS = 64;

  private final EventQueue queue;
  private final SimulatedRandomness random;
  private final long driftPerMille;
  private long offsetMillis;

  public SimulatedClock(EventQueue queue, SimulatedRandomness random) {
    this(queue, random, 0);
  }

  /**
   * @param driftPerMille by how many thousandths it is faster than the world, or slower if negative
   */
  public SimulatedClock(EventQueue queue, SimulatedRandomness random, long driftPerMille) {
    this.queue = queue;
    this.random = random;
    this.driftPerMille = driftPerMille;
  }

  private long drifted(long nanos) {
    return nanos + nanos / 1000 * driftPerMille;
  }

  /** The monotonic clock, for whoever watches: no time passes. */
  public long peekNanos() {
    return drifted(queue.nowNanos());
  }

  /** How much time of the world passes while so much passes on this clock. */
  long worldNanos(long nanos) {
    return nanos / (1000 + driftPerMille) * 1000;
  }

  @Override
  public long wallMillis() {
    return START_MILLIS + offsetMillis + drifted(queue.nowNanos()) / 1_000_000;
  }

  @Override
  public long monotonicNanos() {
    queue.pass(random.below(LOOK_NANOS));
    return drifted(queue.nowNanos());
  }

  /** Sets the wall clock ahead (or back, if negative). */
  public void jumpMillis(long millis) {
    offsetMillis += millis;
    queue.trace().event("clock jump", "", millis, 0);
  }
}
