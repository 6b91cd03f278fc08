package io.distkv.platform;

import io.distkv.base.Clock;

/** The clocks of this machine. Safe to call from any thread. */
public final class SystemClock implements Clock {

  @Override
  public long wallMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public long monotonicNanos() {
    return System.nanoTime();
  }
}
