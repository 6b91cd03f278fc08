package io.distkv.client;

import java.util.Objects;

/**
 * How much a client may have under way at once, over all its keyspaces and connections: what bounds
 * its memory.
 *
 * @param operations operations that are not answered yet, from 1 to 1,000,000
 * @param bytes their keys and values, from 1 on; an operation that is larger than that goes alone
 * @param whenFull what becomes of those beyond
 */
public record Limits(int operations, long bytes, WhenFull whenFull) {

  /** 4,096 operations with 64 MiB; beyond that, callers wait. */
  public static final Limits DEFAULT = new Limits(4_096, 64L * 1024 * 1024, WhenFull.WAIT);

  static final int MOST_KEY_BYTES = 65_535;
  static final int MOST_VALUE_BYTES = 16 * 1024 * 1024;
  static final int MOST_BATCH_OPERATIONS = 10_000;
  static final long MOST_BATCH_BYTES = 64L * 1024 * 1024;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if one of them is not kept
   */
  public Limits {
    Ranges.require("operations", operations, 1, 1_000_000);
    Ranges.require("bytes", bytes, 1, Long.MAX_VALUE);
    Objects.requireNonNull(whenFull, "whenFull");
  }

  /**
   * The same with another rule for what is beyond.
   *
   * @param whenFull what becomes of an operation when as many are under way as may be
   * @return the changed limits
   */
  public Limits withWhenFull(WhenFull whenFull) {
    return new Limits(operations, bytes, whenFull);
  }
}
