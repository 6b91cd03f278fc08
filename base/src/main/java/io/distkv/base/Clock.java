package io.distkv.base;

/**
 * The two clocks of a machine. Nothing in the deterministic modules reads time any other way.
 *
 * <p>Safe to call from any thread.
 */
public interface Clock {

  /**
   * Milliseconds since 1970-01-01 UTC. May jump in either direction; never used to measure a
   * duration.
   */
  long wallMillis();

  /** Nanoseconds since an arbitrary instant. Never goes back; meaningful only as a difference. */
  long monotonicNanos();
}
