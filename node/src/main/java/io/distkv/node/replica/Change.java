package io.distkv.node.replica;

import org.jspecify.annotations.Nullable;

/**
 * What one entry of a log did to one key. Its arrays are shared: nobody changes them.
 *
 * @param value null if the key was removed
 * @param valueOffset where the value begins in its array, and {@code valueLength} its bytes
 * @param expiresAtMillis when the value ends, in wall milliseconds; 0 if never
 */
@SuppressWarnings("ArrayRecordComponent")
public record Change(
    byte[] key,
    byte @Nullable [] value,
    int valueOffset,
    int valueLength,
    long expiresAtMillis,
    long version) {
  private static final long OVERHEAD_BYTES = 96;

  /** A key has a value. */
  static Change put(byte[] key, byte[] value, long expiresAtMillis, long version) {
    return new Change(key, value, 0, value.length, expiresAtMillis, version);
  }

  /** A key is gone. */
  static Change removed(byte[] key, long version) {
    return new Change(key, null, 0, 0, 0, version);
  }

  /** What it takes in a queue, about. */
  public long sizeBytes() {
    return OVERHEAD_BYTES + key.length + valueLength;
  }
}
