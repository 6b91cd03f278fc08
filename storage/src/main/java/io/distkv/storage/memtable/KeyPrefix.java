package io.distkv.storage.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes of a key as one long that compares, as a signed number, the way the bytes compare
 * unsigned. A key that ends early is filled up with zeros, so equal prefixes say nothing yet.
 */
final class KeyPrefix {
  static final int BYTES = Long.BYTES;

  private static final VarHandle BIG_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private KeyPrefix() {}

  /** The prefix that begins {@code skip} bytes into a key of at least that length. */
  static long of(byte[] array, int offset, int length, int skip) {
    int left = length - skip;
    int from = offset + skip;
    long bits;
    if (left >= BYTES) {
      bits = (long) BIG_ENDIAN.get(array, from);
    } else if (left > 0 && array.length - from >= BYTES) {
      bits = (long) BIG_ENDIAN.get(array, from) & (-1L << (Long.SIZE - Byte.SIZE * left));
    } else {
      bits = 0;
      for (int i = 0; i < left; i++) {
        bits |= (array[from + i] & 0xFFL) << (Long.SIZE - Byte.SIZE * (i + 1));
      }
    }
    return bits ^ Long.MIN_VALUE;
  }
}
