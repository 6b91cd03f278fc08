package io.distkv.client;

import java.time.Duration;

/** How long values live. */
final class Lives {
  private Lives() {}

  /**
   * @throws IllegalArgumentException if it is less than 1 ms
   */
  static long millis(Duration life) {
    long millis = life.toMillis();
    Ranges.require("a time to live in ms", millis, 1, Long.MAX_VALUE);
    return millis;
  }
}
