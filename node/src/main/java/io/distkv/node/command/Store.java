package io.distkv.node.command;

/**
 * What a command may change: one partition, while one entry of its log is applied. Reads see the
 * entry's own earlier writes. {@link View#nowMillis} is the millisecond part of {@link #version}.
 *
 * <p>Used on the replica's lane only.
 */
public interface Store extends View {

  /**
   * Sets a key. The arrays belong to the store afterwards.
   *
   * @param expiresAtMillis wall milliseconds since 1970, later than {@link #nowMillis}; 0 for never
   */
  void put(byte[] key, byte[] value, long expiresAtMillis);

  /** Removes a key; removing one that is not there changes nothing. */
  void delete(byte[] key);

  /** Removes every key. */
  void clear();

  /** The stamp of the entry being applied. */
  long version();
}
