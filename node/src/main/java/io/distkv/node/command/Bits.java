package io.distkv.node.command;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Counts and finds bits in a value, eight bytes at a time where there are as many. */
final class Bits {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Bits() {}

  /** Number of ones from bit {@code first} to bit {@code last}, both included. */
  static long count(Value value, long first, long last) {
    if (first > last) {
      return 0;
    }
    int firstByte = (int) (first >>> 3);
    int lastByte = (int) (last >>> 3);
    int head = 0xFF >> (first & 7);
    int tail = 0xFF << (7 - (last & 7));
    if (firstByte == lastByte) {
      return Integer.bitCount(value.at(firstByte) & head & tail & 0xFF);
    }
    long count = Integer.bitCount(value.at(firstByte) & head);
    count += Integer.bitCount(value.at(lastByte) & tail & 0xFF);
    int at = firstByte + 1;
    for (; at + Long.BYTES <= lastByte; at += Long.BYTES) {
      count += Long.bitCount((long) LONG.get(value.array(), value.offset() + at));
    }
    for (; at < lastByte; at++) {
      count += Integer.bitCount(value.at(at));
    }
    return count;
  }

  /** The first bit from {@code first} to {@code last} that is {@code bit}; -1 if none is. */
  static long find(Value value, int bit, long first, long last) {
    long uniform = bit == 0 ? -1L : 0L;
    long at = first;
    while (at <= last) {
      if ((at & 7) == 0 && at + 63 <= last) {
        long word = (long) LONG.get(value.array(), value.offset() + (int) (at >>> 3));
        if (word == uniform) {
          at += 64;
          continue;
        }
        return at + Long.numberOfLeadingZeros(word ^ uniform);
      }
      if (((value.at((int) (at >>> 3)) >> (7 - (at & 7))) & 1) == bit) {
        return at;
      }
      at++;
    }
    return -1;
  }
}
