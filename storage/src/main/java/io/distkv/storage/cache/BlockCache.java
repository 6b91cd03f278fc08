package io.distkv.storage.cache;

import org.jspecify.annotations.Nullable;

/**
 * The node's one cache of decompressed blocks, bounded in bytes, shared by all tables. Keeps what
 * is used often and lately (W-TinyLFU): one long scan does not push out what point reads need.
 *
 * <p>Its upkeep runs on the calling threads, a few operations at a time; it has no thread of its
 * own. Reading and filling are separate steps on purpose: loading inside the cache would hold a
 * lock of its hash table during a disk read, and a lane could meet that lock. Two readers that miss
 * the same block both read it, and the later one's stays.
 *
 * <p>Safe for use by any thread.
 */
public final class BlockCache {

  /** What the cache can hold. */
  public interface Weighted {

    /** Bytes of heap that the object keeps alive, about. */
    int heapBytes();
  }

  /**
   * What one entry costs beyond its block: the key, the nodes of hash table and policy, with
   * compact object headers.
   */
  static final int ENTRY_BYTES = 176;

  /** No entry may have more than this part of the whole, lest one huge value empty the cache. */
  private static final int LARGEST_ENTRY_FRACTION = 64;

  private final long capacityBytes;
  private final Blocks blocks;

  /**
   * Makes an empty cache.
   *
   * @param capacityBytes of heap it may hold; 0 turns it off
   */
  public BlockCache(long capacityBytes) {
    this(capacityBytes, new FrequentBlocks(capacityBytes));
  }

  private BlockCache(long capacityBytes, Blocks blocks) {
    this.capacityBytes = capacityBytes;
    this.blocks = blocks;
  }

  /**
   * Makes an empty cache for simulations: it keeps what was used last, behind one lock, and what it
   * holds follows from the calls alone. The other one throws dice when two blocks are equally
   * popular, so that a run could not be repeated.
   */
  public static BlockCache repeatable(long capacityBytes) {
    return new BlockCache(capacityBytes, new LatestBlocks(capacityBytes));
  }

  /** The block that begins at this byte of this file, or null if it is not here. */
  public @Nullable Weighted get(long fileId, long offset) {
    return capacityBytes == 0 ? null : blocks.get(new BlockKey(fileId, offset));
  }

  /** Like {@link #get}, without a trace in statistics or in what is kept. */
  public @Nullable Weighted peek(long fileId, long offset) {
    return capacityBytes == 0 ? null : blocks.peek(new BlockKey(fileId, offset));
  }

  /** Offers a block; the cache may decline it. Blocks over 1/64 of the capacity are not kept. */
  public void put(long fileId, long offset, Weighted block) {
    if (admits(block.heapBytes())) {
      blocks.put(new BlockKey(fileId, offset), block);
    }
  }

  /** Whether a block of this size would be taken at all. */
  public boolean admits(int heapBytes) {
    return (long) heapBytes + ENTRY_BYTES <= capacityBytes / LARGEST_ENTRY_FRACTION;
  }

  /** Forgets the block that begins at this byte of this file. */
  public void remove(long fileId, long offset) {
    blocks.remove(new BlockKey(fileId, offset));
  }

  /** Counts since the start, and what is held now. */
  public CacheStatistics statistics() {
    return blocks.statistics();
  }

  static int weight(Weighted block) {
    return ENTRY_BYTES + block.heapBytes();
  }
}
