package io.distkv.storage.table;

import io.distkv.base.ByteWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Builds the raw form of a {@link Block}, whose class comment has the layout. Values go to their
 * place at once; keys and the numbers of each entry wait until {@link #finish} knows the ranges of
 * the numbers and with them how many bytes each takes.
 *
 * <p>Not thread-safe. Used again after {@link #reset}, it allocates only to grow.
 */
final class BlockBuilder {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Most bytes of an entry before its columns: lengths of four bits each, two extensions. */
  private static final int MAX_HEAD_BYTES = 11;

  private static final int TOMBSTONE_LENGTH = -1;

  /**
   * Room behind keys and restarts: the header, a trailer, and what the last column may overhang.
   */
  private static final int SPARE_BYTES = 128;

  private static final int SMALLEST_BYTES = 4096;

  /** A buffer beyond this holds one large value, and is not kept for the next block. */
  static final int LARGE_BYTES = 1024 * 1024;

  private final int restartInterval;
  private final ByteWriter header = new ByteWriter(64);

  private byte[] block = new byte[SMALLEST_BYTES];
  private int valuesLength;
  private byte[] suffixes = new byte[4096];
  private int suffixesLength;

  private int count;
  private int[] sharedLengths = new int[64];
  private int[] suffixLengths = new int[64];
  private int[] valueLengths = new int[64];
  private long[] versions = new long[64];
  private long[] expiries = new long[64];

  private boolean tombstones;
  private int smallestValue;
  private int largestValue;
  private long smallestMillis;
  private long largestMillis;
  private int smallestCounter;
  private int largestCounter;
  private long earliestExpiry;
  private long latestExpiry;

  // What finish() finds for the block as a whole.
  private int counterBits;
  private int versionWidth;
  private int valueWidth;
  private int valueBase;
  private int expiryWidth;
  private long expiryBase;

  BlockBuilder(int restartInterval) {
    this.restartInterval = restartInterval;
    reset();
  }

  /** Forgets the entries, and the memory that a large one took. */
  void reset() {
    if (block.length > LARGE_BYTES) {
      block = new byte[SMALLEST_BYTES];
    }
    count = 0;
    valuesLength = 0;
    suffixesLength = 0;
    tombstones = false;
    smallestValue = Integer.MAX_VALUE;
    largestValue = 0;
    smallestMillis = Long.MAX_VALUE;
    largestMillis = 0;
    smallestCounter = Integer.MAX_VALUE;
    largestCounter = 0;
    earliestExpiry = Long.MAX_VALUE;
    latestExpiry = 0;
  }

  int count() {
    return count;
  }

  /** About the size that {@link #finish} would give. */
  int estimatedBytes() {
    return valuesLength + suffixesLength + 6 * count + 16;
  }

  /**
   * Appends an entry.
   *
   * @param shared bytes that the key has in common with the key added before it
   */
  void add(
      byte[] key,
      int keyOffset,
      int keyLength,
      int shared,
      long version,
      EntryKind kind,
      long expiresAtMillis,
      byte[] value,
      int valueOffset,
      int valueLength) {
    if (count == versions.length) {
      growColumns();
    }
    int kept = count % restartInterval == 0 ? 0 : shared;
    int suffix = keyLength - kept;
    suffixes = reserve(suffixes, suffixesLength, suffix);
    System.arraycopy(key, keyOffset + kept, suffixes, suffixesLength, suffix);
    suffixesLength += suffix;
    sharedLengths[count] = kept;
    suffixLengths[count] = suffix;
    versions[count] = version;
    expiries[count] = expiresAtMillis;
    observeVersion(version);
    if (expiresAtMillis != 0) {
      earliestExpiry = Math.min(earliestExpiry, expiresAtMillis);
      latestExpiry = Math.max(latestExpiry, expiresAtMillis);
    }
    if (kind == EntryKind.TOMBSTONE) {
      tombstones = true;
      valueLengths[count] = TOMBSTONE_LENGTH;
    } else {
      block = reserve(block, valuesLength, valueLength);
      System.arraycopy(value, valueOffset, block, valuesLength, valueLength);
      valuesLength += valueLength;
      valueLengths[count] = valueLength;
      smallestValue = Math.min(smallestValue, valueLength);
      largestValue = Math.max(largestValue, valueLength);
    }
    count++;
  }

  /**
   * Completes the block in {@link #array}.
   *
   * @return its size
   */
  int finish() {
    measureColumns();
    int columnsWidth = versionWidth + valueWidth + expiryWidth;
    int restarts = (count + restartInterval - 1) / restartInterval;
    long room = (long) suffixesLength + (long) count * (MAX_HEAD_BYTES + columnsWidth);
    block = reserve(block, valuesLength, Math.toIntExact(room + 8L * restarts + SPARE_BYTES));

    int[] keyStarts = new int[restarts];
    int[] valueStarts = new int[restarts];
    int at = putKeys(keyStarts, valueStarts);
    int keysLength = at - valuesLength;
    boolean wide = Math.max(keysLength, valuesLength) > 0xFFFF;
    for (int i = 0; i < restarts; i++) {
      at = putRestart(at, keyStarts[i], wide);
      at = putRestart(at, valueStarts[i], wide);
    }
    header.reset();
    header.putVarInt(count).putVarInt(restartInterval).putVarInt(keysLength);
    header.putByte(versionWidth << 4 | valueWidth);
    header.putByte(expiryWidth << 4 | (tombstones ? 2 : 0) | (wide ? 1 : 0));
    header.putByte(counterBits).putVarLong(smallestMillis).putVarInt(smallestCounter);
    header.putVarInt(valueBase).putVarLong(expiryBase);
    System.arraycopy(header.array(), 0, block, at, header.size());
    at += header.size();
    block[at++] = (byte) header.size();
    return at;
  }

  /** What {@link #finish} made; with at least {@link StoredBlock#TRAILER_BYTES} to spare. */
  byte[] array() {
    return block;
  }

  /** Finds the bases and, with them, how many bytes each column takes. */
  private void measureColumns() {
    counterBits = 32 - Integer.numberOfLeadingZeros(largestCounter - smallestCounter);
    int millisBits = 64 - Long.numberOfLeadingZeros(largestMillis - smallestMillis);
    versionWidth = (counterBits + millisBits + 7) / 8;
    boolean values = smallestValue <= largestValue; // or else all are tombstones, of code 0
    valueBase = values ? smallestValue : 0;
    valueWidth = values ? width((long) largestValue - valueBase + (tombstones ? 1 : 0)) : 0;
    expiryBase = latestExpiry == 0 ? 0 : earliestExpiry;
    expiryWidth = latestExpiry == 0 ? 0 : width(latestExpiry - expiryBase + 1);
  }

  /** Writes the keys part behind the values, and notes where each restart begins. */
  private int putKeys(int[] keyStarts, int[] valueStarts) {
    int at = valuesLength;
    int suffixAt = 0;
    int valueAt = 0;
    for (int i = 0; i < count; i++) {
      if (i % restartInterval == 0) {
        keyStarts[i / restartInterval] = at - valuesLength;
        valueStarts[i / restartInterval] = valueAt;
      }
      int suffix = suffixLengths[i];
      at = putLengths(at, sharedLengths[i], suffix);
      LONG.set(block, at, packVersion(versions[i]));
      at += versionWidth;
      int length = valueLengths[i];
      boolean tombstone = length == TOMBSTONE_LENGTH;
      LONG.set(block, at, tombstone ? 0L : (long) (length - valueBase + (tombstones ? 1 : 0)));
      valueAt += tombstone ? 0 : length;
      at += valueWidth;
      LONG.set(block, at, expiries[i] == 0 ? 0L : expiries[i] - expiryBase + 1);
      at += expiryWidth;
      System.arraycopy(suffixes, suffixAt, block, at, suffix);
      at += suffix;
      suffixAt += suffix;
    }
    return at;
  }

  private int putLengths(int start, int shared, int suffix) {
    int at = start;
    block[at++] =
        (byte) (Math.min(shared, Block.LONG_LENGTH) | Math.min(suffix, Block.LONG_LENGTH) << 4);
    if (shared >= Block.LONG_LENGTH) {
      at = putVarInt(at, shared - Block.LONG_LENGTH);
    }
    if (suffix >= Block.LONG_LENGTH) {
      at = putVarInt(at, suffix - Block.LONG_LENGTH);
    }
    return at;
  }

  private void observeVersion(long version) {
    long millis = version >>> Block.COUNTER_BITS;
    int counter = (int) (version & Block.COUNTER_MASK);
    smallestMillis = Math.min(smallestMillis, millis);
    largestMillis = Math.max(largestMillis, millis);
    smallestCounter = Math.min(smallestCounter, counter);
    largestCounter = Math.max(largestCounter, counter);
  }

  private long packVersion(long version) {
    long millis = (version >>> Block.COUNTER_BITS) - smallestMillis;
    return millis << counterBits | ((version & Block.COUNTER_MASK) - smallestCounter);
  }

  private int putVarInt(int at, int value) {
    int rest = value;
    int end = at;
    while (rest > 0x7F) {
      block[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    block[end++] = (byte) rest;
    return end;
  }

  private int putRestart(int at, int value, boolean wide) {
    LONG.set(block, at, (long) value);
    return at + (wide ? 4 : 2);
  }

  private void growColumns() {
    int size = 2 * count;
    sharedLengths = Arrays.copyOf(sharedLengths, size);
    suffixLengths = Arrays.copyOf(suffixLengths, size);
    valueLengths = Arrays.copyOf(valueLengths, size);
    versions = Arrays.copyOf(versions, size);
    expiries = Arrays.copyOf(expiries, size);
  }

  private static int width(long largest) {
    return (64 - Long.numberOfLeadingZeros(largest) + 7) / 8;
  }

  /**
   * The size of a buffer that must hold so many bytes. Blocks beyond the usual hold one large
   * value: doubling would take twice its size, for nothing.
   */
  static int roomFor(int bytes) {
    return bytes < LARGE_BYTES ? 2 * bytes : bytes + bytes / 16;
  }

  private static byte[] reserve(byte[] array, int used, int more) {
    if (more <= array.length - used) {
      return array;
    }
    return Arrays.copyOf(array, roomFor(Math.addExact(used, more)));
  }
}
