package io.distkv.storage.table;

import io.distkv.base.ByteReader;
import io.distkv.base.MalformedBytesException;
import io.distkv.storage.cache.BlockCache;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A sorted run of entries in memory, as data blocks hold and index blocks too.
 *
 * <pre>
 *   values   of all entries, end to end
 *   keys     of all entries, with their numbers
 *   restarts (key start, value start) of every entry whose key is whole
 *   header   counts, widths and bases
 *   one byte: length of the header
 * </pre>
 *
 * <p>Keys lie apart from values so that a search walks a few close cache lines and never steps over
 * a value. An entry in the key part is: one byte with two lengths of four bits (bytes shared with
 * the key before, bytes that follow), 15 meaning that a varint with the rest comes next; version,
 * value length and expiry, each as its distance from the block's base and in as many bytes as the
 * block's largest distance needs, often none; then the rest of the key. Fixed widths beat varints
 * twice: they are read by one load and a mask, and four versions of the same second cost three
 * bytes each, not five.
 *
 * <p>A version is split before it is packed: the counter is small and dense, the milliseconds are
 * few within a block; together they take fewer bits than the difference of two versions.
 *
 * <p>Rejected: entries with key and value side by side (a search of 16 entries touches 16 cache
 * lines with 100-byte values); an offset for every entry (two bytes each, which do not compress).
 *
 * <p>Immutable. Its methods trust the header, which {@link #parse} checked; what lies behind it is
 * checked as it is decoded.
 */
final class Block implements BlockCache.Weighted {
  /** In an entry's first byte: the length is at least this, and the rest follows. */
  static final int LONG_LENGTH = 15;

  static final int COUNTER_BITS = 16;
  static final long COUNTER_MASK = 0xFFFF;

  /** Of this object and the headers of its two arrays. */
  private static final int OBJECT_BYTES = 144;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle ORDERED_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  final byte[] bytes;
  final int valuesStart;
  final int keysStart;

  /** The end of the keys. */
  final int restartsStart;

  final int count;
  final int restartInterval;
  final int restarts;
  final int versionWidth;
  final int columnsWidth;
  private final boolean wideRestarts;
  private final boolean tombstones;
  private final int counterBits;
  private final long smallestMillis;
  private final int smallestCounter;
  private final int expiryAt;
  private final long versionMask;
  private final long valueMask;
  private final long expiryMask;

  /** What to add to a value's code; one less than the smallest length if 0 means tombstone. */
  private final long valueBase;

  private final long expiryBase;

  /** Bytes that all restart keys have in common, from the start. */
  final int commonLength;

  /**
   * For each restart, the eight bytes of its key behind the common ones, as a number that orders
   * like them; made when the block is read. A search compares numbers side by side instead of keys
   * all over the block, of which each is a cache miss.
   */
  private final long[] prefixes;

  private Block(byte[] bytes, int start, int headerStart, ByteReader header) {
    this.bytes = bytes;
    valuesStart = start;
    count = header.getVarInt();
    restartInterval = header.getVarInt();
    int keysLength = header.getVarInt();
    int widths = header.getByte();
    int flags = header.getByte();
    counterBits = header.getByte();
    smallestMillis = header.getVarLong();
    smallestCounter = header.getVarInt();
    tombstones = (flags & 2) != 0;
    wideRestarts = (flags & 1) != 0;
    valueBase = (long) header.getVarInt() - (tombstones ? 1 : 0);
    expiryBase = header.getVarLong() - 1;
    versionWidth = widths >>> 4;
    int valueWidth = widths & 0xF;
    int expiryWidth = flags >>> 4;
    require(count > 0 && restartInterval > 0 && restartInterval <= 256, "entry count");
    require(versionWidth <= 8 && valueWidth <= 4 && expiryWidth <= 8, "column width");
    require(counterBits <= COUNTER_BITS && valueBase >= -1, "column base");
    columnsWidth = versionWidth + valueWidth + expiryWidth;
    versionMask = mask(versionWidth);
    valueMask = mask(valueWidth);
    expiryMask = mask(expiryWidth);
    expiryAt = versionWidth + valueWidth;
    restarts = (count - 1) / restartInterval + 1;
    long restartBytes = (long) restarts * (wideRestarts ? 8 : 4);
    require(restartBytes <= headerStart - start, "restart count");
    restartsStart = headerStart - (int) restartBytes;
    require(keysLength >= count && keysLength <= restartsStart - start, "key length");
    keysStart = restartsStart - keysLength;
    prefixes = new long[restarts];
    BlockCursor at = new BlockCursor(this); // all that it looks at is set by now
    commonLength = at.sharedByRestarts();
    for (int i = 0; i < restarts; i++) {
      prefixes[i] = at.restartPrefix(i, commonLength);
    }
  }

  /**
   * The first eight of these bytes as a number that orders like them; zeros where there are none.
   */
  static long prefix(byte[] bytes, int start, int length) {
    if (length <= 0) {
      return 0;
    }
    if (length >= Long.BYTES) {
      return (long) ORDERED_LONG.get(bytes, start);
    }
    long prefix = 0;
    for (int i = 0; i < length; i++) {
      prefix |= (bytes[start + i] & 0xFFL) << (56 - 8 * i);
    }
    return prefix;
  }

  /** How many restarts have a prefix below this one, unsigned. */
  int restartsBelow(long prefix) {
    int low = 0;
    int high = restarts;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(prefixes[middle], prefix) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The last restart from this one on whose prefix is not above this one, unsigned. */
  int lastRestartAt(int first, long prefix) {
    int last = first;
    while (last + 1 < restarts && Long.compareUnsigned(prefixes[last + 1], prefix) <= 0) {
      last++;
    }
    return last;
  }

  /**
   * Reads the header of a block that ends at {@code end}.
   *
   * @throws MalformedBytesException if it cannot be one
   */
  static Block parse(byte[] bytes, int start, int end) {
    require(end - start > 1, "length");
    int headerLength = bytes[end - 1] & 0xFF;
    int headerStart = end - 1 - headerLength;
    require(headerStart >= start, "header length");
    try {
      return new Block(bytes, start, headerStart, new ByteReader(bytes, headerStart, headerLength));
    } catch (IndexOutOfBoundsException e) {
      throw new MalformedBytesException("restart in a block is out of range");
    }
  }

  /** Where the key of restart {@code i} begins in the array. */
  int restartKey(int i) {
    return keysStart + restart(2 * i);
  }

  /** Where the value of restart {@code i} begins in the array. */
  int restartValue(int i) {
    return valuesStart + restart(2 * i + 1);
  }

  private int restart(int i) {
    return wideRestarts
        ? (int) INT.get(bytes, restartsStart + 4 * i)
        : (short) SHORT.get(bytes, restartsStart + 2 * i) & 0xFFFF;
  }

  /** The version of the entry whose columns begin here. */
  long version(int columns) {
    long packed = (long) LONG.get(bytes, columns) & versionMask;
    long millis = smallestMillis + (packed >>> counterBits);
    return millis << COUNTER_BITS | (smallestCounter + (packed & ((1L << counterBits) - 1)));
  }

  /** Whether the entry whose columns begin here is a tombstone. */
  boolean isTombstone(int columns) {
    return tombstones && ((long) LONG.get(bytes, columns + versionWidth) & valueMask) == 0;
  }

  /** The length of the value of the entry whose columns begin here; 0 for a tombstone. */
  long valueLength(int columns) {
    long code = (long) LONG.get(bytes, columns + versionWidth) & valueMask;
    return tombstones && code == 0 ? 0 : valueBase + code;
  }

  /** The expiry of the entry whose columns begin here; 0 if it has none. */
  long expiresAtMillis(int columns) {
    long code = (long) LONG.get(bytes, columns + expiryAt) & expiryMask;
    return code == 0 ? 0 : expiryBase + code;
  }

  @Override
  public int heapBytes() {
    return bytes.length + OBJECT_BYTES + Long.BYTES * restarts;
  }

  private static long mask(int width) {
    return width == 0 ? 0 : -1L >>> (64 - 8 * width);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new MalformedBytesException(what + " in a block is out of range");
    }
  }
}
