package io.distkv.node.command;

import java.util.Arrays;

/**
 * What a key holds: a slice of an array that nobody changes, with its version and expiry.
 *
 * @param expiresAtMillis wall milliseconds since 1970, or 0 for never
 */
@SuppressWarnings("ArrayRecordComponent")
public record Value(byte[] array, int offset, int length, long version, long expiresAtMillis) {
  private static final byte[] NO_BYTES = {};

  /** Whether a value with this expiry is gone at a time; it still lives in its last millisecond. */
  public static boolean expired(long expiresAtMillis, long nowMillis) {
    return expiresAtMillis != 0 && nowMillis > expiresAtMillis;
  }

  /** The same version and expiry, without what it was. */
  public Value withoutBytes() {
    return new Value(NO_BYTES, 0, 0, version, expiresAtMillis);
  }

  byte[] copy() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  /** The unsigned byte at an index. */
  int at(int index) {
    return array[offset + index] & 0xFF;
  }

  Reply reply() {
    return new Reply.Bulk(array, offset, length);
  }
}
