package io.distkv.storage.memtable;

import io.distkv.storage.table.EntryKind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bytes of a memtable's entries, written once, in chunks that grow from 4 KiB to 256 KiB: small
 * enough that a garbage collector never treats one as humongous, and that an idle replica holds
 * little. An entry is named by an int: the chunk's number above, its offset in units of eight bytes
 * below.
 *
 * <p>An entry is {@code version(8) expiresAtMillis(8) valueLength(4) keyLength(2) flags(1)
 * unused(1) links(12) key value}, aligned to eight bytes. A value of {@link #BY_REFERENCE_BYTES} or
 * more is not copied: the entry holds its number in a list instead.
 *
 * <p>The links are there where the key has an older version: that one, one further back, and how
 * many are older. Every eighth version is a base, to which all up to the next jump; the jumps of
 * bases are those of Myers, "An applicative random-access stack" (1983): with one more link to each
 * entry, any of n older ones is reached in O(log n) steps, and the entries that are there never
 * change. Myers has no bases: but then every append reads two entries beside the one it follows, a
 * cache miss each.
 *
 * <p>One thread appends. Others may read every entry whose name reached them through a release
 * write that came after the append; the plain fields here are covered by that write.
 */
final class EntryArena {
  static final int BY_REFERENCE_BYTES = 32 * 1024;

  /** No entry. */
  static final int NONE = -1;

  private static final int SMALLEST_CHUNK_BYTES = 4 * 1024;
  private static final int LARGEST_CHUNK_BYTES = 256 * 1024;
  private static final int ALIGNMENT_SHIFT = 3;
  private static final int OFFSET_BITS = 15;
  private static final int MAX_CHUNKS = 1 << (Integer.SIZE - 1 - OFFSET_BITS);

  private static final int EXPIRY = 8;
  private static final int VALUE_LENGTH = 16;
  private static final int KEY_LENGTH = 20;
  private static final int FLAGS = 22;
  private static final int HEADER_BYTES = 24;
  private static final int TOMBSTONE_FLAG = 1;
  private static final int BY_REFERENCE_FLAG = 2;
  private static final int OLDER_FLAG = 4;

  private static final int OLDER = HEADER_BYTES;
  private static final int JUMP = OLDER + Integer.BYTES;
  private static final int OLDER_COUNT = JUMP + Integer.BYTES;
  private static final int LINKS_BYTES = 3 * Integer.BYTES;

  /** From one base to the next. */
  private static final int BASE_DISTANCE = 8;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[][] chunks = {};
  private int chunkCount;
  private int top;
  private byte[][] largeValues = {};
  private int largeValueCount;
  private long heldBytes;

  /**
   * Appends an entry.
   *
   * @param older the next older version of the key, or {@link #NONE}
   */
  int append(
      byte[] key, long version, EntryKind kind, long expiresAtMillis, byte[] value, int older) {
    boolean byReference = value.length >= BY_REFERENCE_BYTES;
    int keyStart = HEADER_BYTES + (older == NONE ? 0 : LINKS_BYTES);
    int size = keyStart + key.length + (byReference ? Integer.BYTES : value.length);
    ensure(size);
    byte[] chunk = chunks[chunkCount - 1];
    int at = top;
    top += (size + 7) & ~7;
    LONG.set(chunk, at, version);
    LONG.set(chunk, at + EXPIRY, expiresAtMillis);
    INT.set(chunk, at + VALUE_LENGTH, value.length);
    SHORT.set(chunk, at + KEY_LENGTH, (short) key.length);
    chunk[at + FLAGS] =
        (byte)
            ((kind == EntryKind.TOMBSTONE ? TOMBSTONE_FLAG : 0)
                | (byReference ? BY_REFERENCE_FLAG : 0)
                | (older == NONE ? 0 : OLDER_FLAG));
    if (older != NONE) {
      int olderCount = olderCount(older) + 1;
      INT.set(chunk, at + OLDER, older);
      INT.set(chunk, at + JUMP, jumpOver(older, olderCount));
      INT.set(chunk, at + OLDER_COUNT, olderCount);
    }
    System.arraycopy(key, 0, chunk, at + keyStart, key.length);
    int valueAt = at + keyStart + key.length;
    if (byReference) {
      INT.set(chunk, valueAt, hold(value));
    } else {
      System.arraycopy(value, 0, chunk, valueAt, value.length);
    }
    return (chunkCount - 1) << OFFSET_BITS | at >>> ALIGNMENT_SHIFT;
  }

  /** Bytes of heap held: whole chunks and the values held by reference. */
  long heldBytes() {
    return heldBytes;
  }

  /**
   * Orders an entry's key against another, where both agree in their first {@code same} bytes as
   * far as they have them.
   */
  int compare(int entry, byte[] key, int offset, int length, int same) {
    int entryKeyLength = keyLength(entry);
    int from = Math.min(same, Math.min(entryKeyLength, length));
    int entryKey = keyOffset(entry);
    return Arrays.compareUnsigned(
        array(entry),
        entryKey + from,
        entryKey + entryKeyLength,
        key,
        offset + from,
        offset + length);
  }

  /** The next older version of an entry's key, or {@link #NONE}. */
  int older(int entry) {
    return hasOlder(entry) ? (int) INT.get(array(entry), at(entry) + OLDER) : NONE;
  }

  /** How many older versions of its key an entry leads to. */
  int olderCount(int entry) {
    return hasOlder(entry) ? (int) INT.get(array(entry), at(entry) + OLDER_COUNT) : 0;
  }

  /**
   * The newest at or below a version among an entry and all older ones of its key, or {@link
   * #NONE}.
   */
  int asOf(int newest, long version) {
    int entry = newest;
    while (version(entry) > version) {
      int older = older(entry);
      if (older == NONE) {
        return NONE;
      }
      int jump = jump(entry);
      entry = version(jump) > version ? jump : older;
    }
    return entry;
  }

  /** The one with so many older than itself among an entry and all older ones of its key. */
  int withOlderCount(int newest, int count) {
    int entry = newest;
    while (olderCount(entry) > count) {
      int jump = jump(entry);
      entry = olderCount(jump) >= count ? jump : older(entry);
    }
    return entry;
  }

  /** Where a jump from an entry leads: to itself if nothing is older. */
  int jump(int entry) {
    return hasOlder(entry) ? (int) INT.get(array(entry), at(entry) + JUMP) : entry;
  }

  /** Where a jump leads from the entry in front of this one, which has so many older ones. */
  private int jumpOver(int entry, int olderCount) {
    int base = (olderCount - 1) % BASE_DISTANCE == 0 ? entry : jump(entry);
    if (olderCount % BASE_DISTANCE != 0) {
      return base;
    }
    int near = jump(base);
    int far = jump(near);
    boolean asLong = olderCount(base) - olderCount(near) == olderCount(near) - olderCount(far);
    return asLong ? far : base;
  }

  private boolean hasOlder(int entry) {
    return (array(entry)[at(entry) + FLAGS] & OLDER_FLAG) != 0;
  }

  boolean hasKey(int entry, byte[] key, int offset, int length) {
    byte[] chunk = array(entry);
    int at = keyOffset(entry);
    return Arrays.equals(chunk, at, at + keyLength(entry), key, offset, offset + length);
  }

  /** How many bytes two entries' keys share at their start. */
  int sharedKeyBytes(int left, int right) {
    int shortest = Math.min(keyLength(left), keyLength(right));
    int leftAt = keyOffset(left);
    int rightAt = keyOffset(right);
    int mismatch =
        Arrays.mismatch(
            array(left), leftAt, leftAt + shortest, array(right), rightAt, rightAt + shortest);
    return mismatch < 0 ? shortest : mismatch;
  }

  long prefix(int entry, int skip) {
    return KeyPrefix.of(array(entry), keyOffset(entry), keyLength(entry), skip);
  }

  /** The chunk that holds an entry's key. */
  byte[] array(int entry) {
    return chunks[entry >>> OFFSET_BITS];
  }

  int keyOffset(int entry) {
    return at(entry) + HEADER_BYTES + (hasOlder(entry) ? LINKS_BYTES : 0);
  }

  int keyLength(int entry) {
    return (short) SHORT.get(array(entry), at(entry) + KEY_LENGTH) & 0xFFFF;
  }

  long version(int entry) {
    return (long) LONG.get(array(entry), at(entry));
  }

  long expiresAtMillis(int entry) {
    return (long) LONG.get(array(entry), at(entry) + EXPIRY);
  }

  EntryKind kind(int entry) {
    return (array(entry)[at(entry) + FLAGS] & TOMBSTONE_FLAG) == 0
        ? EntryKind.VALUE
        : EntryKind.TOMBSTONE;
  }

  byte[] valueArray(int entry) {
    byte[] chunk = array(entry);
    return byReference(entry)
        ? largeValues[(int) INT.get(chunk, keyOffset(entry) + keyLength(entry))]
        : chunk;
  }

  int valueOffset(int entry) {
    return byReference(entry) ? 0 : keyOffset(entry) + keyLength(entry);
  }

  int valueLength(int entry) {
    return (int) INT.get(array(entry), at(entry) + VALUE_LENGTH);
  }

  private boolean byReference(int entry) {
    return (array(entry)[at(entry) + FLAGS] & BY_REFERENCE_FLAG) != 0;
  }

  private static int at(int entry) {
    return (entry & ((1 << OFFSET_BITS) - 1)) << ALIGNMENT_SHIFT;
  }

  private int hold(byte[] value) {
    if (largeValueCount == largeValues.length) {
      byte[][] more = Arrays.copyOf(largeValues, Math.max(16, 2 * largeValueCount));
      VarHandle.storeStoreFence(); // as for chunks
      largeValues = more;
    }
    largeValues[largeValueCount] = value;
    heldBytes += value.length;
    return largeValueCount++;
  }

  private void ensure(int size) {
    if (chunkCount > 0 && size <= chunks[chunkCount - 1].length - top) {
      return;
    }
    if (chunkCount == MAX_CHUNKS) {
      throw new IllegalStateException("a memtable holds at most " + MAX_CHUNKS + " chunks");
    }
    int grown = SMALLEST_CHUNK_BYTES << Math.min(6, chunkCount);
    int capacity = Math.max((size + 7) & ~7, Math.min(LARGEST_CHUNK_BYTES, grown));
    if (chunkCount == chunks.length) {
      byte[][] more = Arrays.copyOf(chunks, Math.max(8, 2 * chunkCount));
      // Readers of older entries come upon it with no release write in between.
      VarHandle.storeStoreFence();
      chunks = more;
    }
    chunks[chunkCount++] = new byte[capacity];
    heldBytes += capacity;
    top = 0;
  }
}
