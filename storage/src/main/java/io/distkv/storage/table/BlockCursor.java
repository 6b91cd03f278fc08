package io.distkv.storage.table;

import io.distkv.base.MalformedBytesException;
import java.util.Arrays;

/**
 * A position in a {@link Block}; one cursor serves any number of blocks. Bytes that are no block
 * end in {@link MalformedBytesException} or {@link IndexOutOfBoundsException}.
 *
 * <p>A search skips entries without decoding their keys. It knows how many bytes (m) the key before
 * has in common with the target. If the next key shares more than m bytes with the key before, it
 * differs from the target at the same byte as that one, so it is before the target too; if it
 * shares less, it is greater at a byte where the key before still matched, so it is after. Only if
 * it shares exactly m bytes are any bytes compared.
 *
 * <p>Not thread-safe.
 */
final class BlockCursor {
  private static final byte[] NO_BYTES = {};

  private Block block;
  private int index;

  /** Where the current entry's columns, suffix and end are in the block's array. */
  private int columns;

  private int suffix;
  private int end;
  private int shared;
  private int valueStart;
  private int valueLength;

  /** Whether the last search ended on an entry of the very key it was for. */
  private boolean onKey;

  private byte[] key = NO_BYTES;
  private int keyLength;

  BlockCursor(Block block) {
    this.block = block;
    this.index = block.count;
  }

  /** Leaves the block for another one, and stands nowhere in it. */
  void enter(Block other) {
    block = other;
    index = other.count;
  }

  boolean valid() {
    return index < block.count;
  }

  /** Whether the cursor stands on the only entry of its block. */
  boolean isAlone() {
    return index == 0 && block.count == 1;
  }

  /** Size of the block in memory. */
  int blockBytes() {
    return block.bytes.length;
  }

  /**
   * Moves to the first entry not before (key, version), without making its key available.
   *
   * @return false, standing nowhere, if all are before
   */
  boolean search(byte[] target, int offset, int length, long version) {
    return scan(
        lastRestartBefore(target, offset, length, version), target, offset, length, version);
  }

  /** Like {@link #search}, and makes the key available. */
  boolean seek(byte[] target, int offset, int length, long version) {
    if (!search(target, offset, length, version)) {
      return false;
    }
    // What the entry shares with the key before it, it shares with the target.
    require(shared <= length);
    keyLength = shared + end - suffix;
    reserveKey(keyLength);
    System.arraycopy(target, offset, key, 0, shared);
    System.arraycopy(block.bytes, suffix, key, shared, end - suffix);
    return true;
  }

  boolean seekToFirst() {
    toRestart(0);
    return true;
  }

  boolean seekToLast() {
    toRestart(block.restarts - 1);
    while (index < block.count - 1) {
      next();
    }
    return true;
  }

  boolean next() {
    if (++index >= block.count) {
      index = block.count;
      return false;
    }
    int valueEnd = valueStart + valueLength;
    decode(end, valueEnd);
    takeKey();
    return true;
  }

  boolean prev() {
    int wanted = index - 1;
    if (wanted < 0) {
      index = block.count;
      return false;
    }
    toRestart(wanted / block.restartInterval);
    while (index < wanted) {
      next();
    }
    return true;
  }

  void clear() {
    index = block.count;
  }

  boolean onKey() {
    return onKey;
  }

  byte[] keyArray() {
    return key;
  }

  int keyLength() {
    return keyLength;
  }

  long version() {
    return block.version(columns);
  }

  EntryKind kind() {
    return block.isTombstone(columns) ? EntryKind.TOMBSTONE : EntryKind.VALUE;
  }

  long expiresAtMillis() {
    return block.expiresAtMillis(columns);
  }

  byte[] valueArray() {
    return block.bytes;
  }

  int valueOffset() {
    return valueStart;
  }

  int valueLength() {
    return valueLength;
  }

  /** Bytes that the keys of the first and the last restart, and so of all, have in common. */
  int sharedByRestarts() {
    decode(block.restartKey(0), block.valuesStart);
    int firstKey = suffix;
    int firstEnd = end;
    decode(block.restartKey(block.restarts - 1), block.valuesStart);
    byte[] bytes = block.bytes;
    int mismatch = Arrays.mismatch(bytes, firstKey, firstEnd, bytes, suffix, end);
    return mismatch < 0 ? firstEnd - firstKey : mismatch;
  }

  /** The eight bytes behind the first {@code common} ones of a restart's key, as a number. */
  long restartPrefix(int restart, int common) {
    decode(block.restartKey(restart), block.valuesStart);
    require(shared == 0);
    return Block.prefix(block.bytes, suffix + common, end - suffix - common);
  }

  /** The last restart whose entry is before (key, version), or the first if none is. */
  private int lastRestartBefore(byte[] target, int offset, int length, long version) {
    int common = block.commonLength;
    if (common > 0) {
      decode(block.restartKey(0), block.valuesStart);
      int order =
          Arrays.compareUnsigned(
              block.bytes,
              suffix,
              suffix + common,
              target,
              offset,
              offset + Math.min(common, length));
      if (order != 0) {
        return order < 0 ? block.restarts - 1 : 0;
      }
    }
    long prefix = Block.prefix(target, offset + common, length - common);
    int low = Math.max(0, block.restartsBelow(prefix) - 1);
    int high = block.lastRestartAt(low, prefix);
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (restartIsBefore(middle, target, offset, length, version)) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private boolean restartIsBefore(
      int restart, byte[] target, int offset, int length, long version) {
    decode(block.restartKey(restart), block.valuesStart);
    int order = Arrays.compareUnsigned(block.bytes, suffix, end, target, offset, offset + length);
    return order < 0 || (order == 0 && block.version(columns) > version);
  }

  private boolean scan(int restart, byte[] target, int offset, int length, long version) {
    byte[] bytes = block.bytes;
    int matched = 0;
    int nextRestart = (restart + 1) * block.restartInterval;
    decode(block.restartKey(restart), block.restartValue(restart));
    for (int i = restart * block.restartInterval; ; ) {
      if (shared < matched) {
        return stopAt(i, false);
      }
      if (shared == matched) {
        int left = length - matched;
        int common = common(bytes, target, offset + matched, left);
        if (isAfter(bytes, target, offset + matched, left, common)) {
          return stopAt(i, false);
        }
        boolean equal = common == left && common == end - suffix;
        if (equal && block.version(columns) <= version) {
          return stopAt(i, true);
        }
        matched += common;
      }
      if (++i == block.count) {
        index = i;
        return false;
      }
      if (i == nextRestart) {
        matched = 0; // its key is whole, whatever it has in common with the one before
      }
      decode(end, valueStart + valueLength);
    }
  }

  private boolean stopAt(int entry, boolean equal) {
    index = entry;
    onKey = equal;
    return true;
  }

  /** Bytes that the current suffix and the rest of the target have in common. */
  private int common(byte[] bytes, byte[] target, int from, int left) {
    int shorter = Math.min(end - suffix, left);
    if (shorter == 0 || bytes[suffix] != target[from]) {
      return 0;
    }
    int mismatch = Arrays.mismatch(bytes, suffix, suffix + shorter, target, from, from + shorter);
    return mismatch < 0 ? shorter : mismatch;
  }

  private boolean isAfter(byte[] bytes, byte[] target, int from, int left, int common) {
    if (common == end - suffix) {
      return false;
    }
    return common == left
        || Byte.compareUnsigned(bytes[suffix + common], target[from + common]) > 0;
  }

  private void toRestart(int restart) {
    index = restart * block.restartInterval;
    decode(block.restartKey(restart), block.restartValue(restart));
    require(shared == 0);
    takeKey();
  }

  private void takeKey() {
    require(shared <= keyLength);
    keyLength = shared + end - suffix;
    reserveKey(keyLength);
    System.arraycopy(block.bytes, suffix, key, shared, end - suffix);
  }

  /** Reads the lengths of the entry at {@code at}, whose value begins at {@code valueAt}. */
  private void decode(int at, int valueAt) {
    int head = block.bytes[at] & 0xFF;
    int sharedLength = head & 0xF;
    int suffixLength = head >>> 4;
    columns = at + 1;
    if (sharedLength == Block.LONG_LENGTH) {
      sharedLength += varInt();
    }
    if (suffixLength == Block.LONG_LENGTH) {
      suffixLength += varInt();
    }
    shared = sharedLength;
    suffix = columns + block.columnsWidth;
    require(suffixLength >= 0 && sharedLength >= 0 && suffixLength <= block.restartsStart - suffix);
    end = suffix + suffixLength;
    long length = block.valueLength(columns);
    require(length <= block.keysStart - valueAt);
    valueStart = valueAt;
    valueLength = (int) length;
  }

  private int varInt() {
    int value = 0;
    for (int shift = 0; shift < 32; shift += 7) {
      int next = block.bytes[columns++];
      value |= (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new MalformedBytesException("varint over 32 bits in a block");
  }

  private void reserveKey(int length) {
    if (length > key.length) {
      key = Arrays.copyOf(key, Math.max(length, Math.max(64, 2 * key.length)));
    }
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new MalformedBytesException("length in a block is out of range");
    }
  }
}
