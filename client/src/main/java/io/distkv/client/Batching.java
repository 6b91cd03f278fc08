package io.distkv.client;

/**
 * How single reads and writes that are asked for at the same time share messages of one stream,
 * which costs a fraction of a call for each. Nothing waits for others to come: what comes while a
 * message is being written goes into the next.
 *
 * @param enabled whether they do; else each is a call of its own
 * @param operations operations of a message at most, from 1 to 10,000
 * @param bytes keys and values of a message at most, from 1 to 16 MiB; what is larger by itself is
 *     a call of its own
 */
public record Batching(boolean enabled, int operations, int bytes) {

  /** Messages of at most 256 operations and 256 KiB. */
  public static final Batching DEFAULT = new Batching(true, 256, 256 * 1024);

  /** Each operation is a call of its own. */
  public static final Batching OFF = new Batching(false, 1, 1);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if one of them is not kept
   */
  public Batching {
    Ranges.require("operations", operations, 1, Limits.MOST_BATCH_OPERATIONS);
    Ranges.require("bytes", bytes, 1, Limits.MOST_VALUE_BYTES);
  }
}
