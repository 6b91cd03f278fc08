package io.distkv.storage.table;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import io.distkv.storage.cache.BlockCache;

/**
 * The index and the filter of a run of data blocks, one stored block and one entry of the cache: a
 * point read needs both, and gets them with one look-up or one disk read.
 *
 * <p>Rejected: filters apart from index partitions. A scan would be spared the filter, which is one
 * percent of the data under it; every point read would pay a second cache look-up for that.
 *
 * <p>Format: length of the index (4 bytes), the index (a {@link Block} whose entries lead to data
 * blocks), the {@link Filter}. Immutable.
 */
final class Partition implements BlockCache.Weighted {
  private static final int OBJECT_BYTES = 80;

  private final Block index;
  private final Filter filter;

  private Partition(Block index, Filter filter) {
    this.index = index;
    this.filter = filter;
  }

  /** Reads the first {@code end} bytes of an array. */
  static Partition parse(byte[] bytes, int end) {
    int indexLength = new ByteReader(bytes, 0, end).getInt();
    if (indexLength < 0 || indexLength > end - Integer.BYTES) {
      throw new MalformedBytesException("index length " + indexLength + " of a partition");
    }
    int indexEnd = Integer.BYTES + indexLength;
    return new Partition(
        Block.parse(bytes, Integer.BYTES, indexEnd), new Filter(bytes, indexEnd, end));
  }

  static void write(ByteWriter target, byte[] index, int indexLength, FilterBuilder filter) {
    target.putInt(indexLength).putBytes(index, 0, indexLength);
    filter.writeTo(target);
  }

  Block index() {
    return index;
  }

  boolean mayContain(long keyHash) {
    return filter.mayContain(keyHash);
  }

  @Override
  public int heapBytes() {
    return index.heapBytes() + OBJECT_BYTES;
  }
}
