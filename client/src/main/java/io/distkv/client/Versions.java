package io.distkv.client;

import java.time.Instant;

/**
 * Versions and wall-clock time: a version is milliseconds since 1970 times 65,536, plus a counter.
 */
final class Versions {
  private static final int COUNTER_BITS = 16;
  private static final long MOST_MILLIS = (1L << 48) - 1;

  private Versions() {}

  /**
   * The last version before a moment. Not the last one within its millisecond: while that lasts,
   * more may be written in it, and a node does not show what its own clock has not reached.
   */
  static long before(Instant instant) {
    long millis = instant.toEpochMilli();
    Ranges.require("milliseconds since 1970", millis, 1, MOST_MILLIS);
    return (millis << COUNTER_BITS) - 1;
  }
}
