package io.distkv.simulation.world;

import io.distkv.base.Clock;

/**
 * A machine's clocks over the world's virtual time. Each look at the monotonic clock lets a few
 * nanoseconds pass, so that code that waits for time to pass sees it pass. The wall clock can be
 * set ahead or back.
 */
public final class SimulatedClock implements Clock {
  private static final long START_MILLIS = 1_800_000_000_000L;
  private static final int LOOK_NANOS = 64;

  private final EventQueue queue;
  private final SimulatedRandomness random;
  private long offsetMillis;

  public SimulatedClock(EventQueue queue, SimulatedRandomness random) {
    this.queue = queue;
    this.random = random;
  }

  @Override
  public long wallMillis() {
    return START_MILLIS + offsetMillis + queue.nowNanos() / 1_000_000;
  }

  @Override
  public long monotonicNanos() {
    queue.pass(random.below(LOOK_NANOS));
    return queue.nowNanos();
  }

  /** Sets the wall clock ahead (or back, if negative). */
  public void jumpMillis(long millis) {
    offsetMillis += millis;
    queue.trace().event("clock jump", "", millis, 0);
  }
}
