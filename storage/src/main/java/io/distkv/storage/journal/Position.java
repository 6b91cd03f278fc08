package io.distkv.storage.journal;

/**
 * A place in a journal as one {@code long}: the segment's number above 32 bits of offset in its
 * file. Positions rise with every append and compare as plain longs; differences mean nothing.
 */
final class Position {
  private static final int OFFSET_BITS = 32;
  private static final long OFFSET_MASK = (1L << OFFSET_BITS) - 1;

  private Position() {}

  static long of(long segmentNumber, long offset) {
    return segmentNumber << OFFSET_BITS | offset;
  }

  static long segmentNumber(long position) {
    return position >>> OFFSET_BITS;
  }

  static long offset(long position) {
    return position & OFFSET_MASK;
  }
}
