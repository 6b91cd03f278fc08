package io.distkv.node.world;

import io.distkv.base.Clock;

/** A clock that moves only when told. */
public final class TestClock implements Clock {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private long wallMillis = 1_800_000_000_000L;
  private long nanos;

  @Override
  public long wallMillis() {
    return wallMillis;
  }

  @Override
  public long monotonicNanos() {
    return nanos;
  }

  /** Lets time pass on both clocks. */
  public void advanceNanos(long more) {
    long before = nanos / NANOS_PER_MILLI;
    nanos += more;
    wallMillis += nanos / NANOS_PER_MILLI - before;
  }

  /** Sets the wall clock forward or back; no time passes. */
  public void jumpWall(long millis) {
    wallMillis += millis;
  }
}
