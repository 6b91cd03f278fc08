package io.distkv.storage.tree;

import io.distkv.base.Clock;

/**
 * The node's limit on what compactions may read and write: a bucket of bytes that fills at a steady
 * rate. Work takes what it needs and is told how long to wait before it goes on; nothing blocks
 * here.
 *
 * <p>Safe for use by any thread.
 */
public final class IoRate {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** Unused rate that is kept for a burst: this much time's worth. */
  private static final long BURST_NANOS = NANOS_PER_SECOND / 10;

  private final Clock clock;
  private final long bytesPerSecond;
  private long paidUntilNanos;

  /**
   * Makes a limit.
   *
   * @param bytesPerSecond at least 1; {@link Long#MAX_VALUE} for no limit
   */
  public IoRate(Clock clock, long bytesPerSecond) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException("bytesPerSecond must be at least 1: " + bytesPerSecond);
    }
    this.clock = clock;
    this.bytesPerSecond = bytesPerSecond;
    this.paidUntilNanos = clock.monotonicNanos() - BURST_NANOS;
  }

  /** Takes bytes that were just read or written and returns the nanoseconds to wait for them. */
  public long take(long bytes) {
    if (bytesPerSecond == Long.MAX_VALUE) {
      return 0;
    }
    long costNanos = (long) ((double) bytes / bytesPerSecond * NANOS_PER_SECOND);
    long now = clock.monotonicNanos();
    synchronized (this) {
      long earliest = now - BURST_NANOS;
      paidUntilNanos = (paidUntilNanos - earliest < 0 ? earliest : paidUntilNanos) + costNanos;
      return Math.max(0, paidUntilNanos - now);
    }
  }
}
