package io.distkv.storage.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
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
   * What one entry costs beyond its block: the key, the nodes of hash table and policy (about 170
   * bytes measured with compact object headers).
   */
  private static final int ENTRY_BYTES = 176;

  /** No entry may have more than this part of the whole, lest one huge value empty the cache. */
  private static final int LARGEST_ENTRY_FRACTION = 64;

  private final long capacityBytes;
  private final Cache<BlockKey, Weighted> blocks;

  /**
   * Makes an empty cache.
   *
   * @param capacityBytes of heap it may hold; 0 turns it off
   */
  public BlockCache(long capacityBytes) {
    if (capacityBytes < 0) {
      throw new IllegalArgumentException("capacityBytes out of range: " + capacityBytes);
    }
    this.capacityBytes = capacityBytes;
    this.blocks =
        Caffeine.newBuilder()
            .maximumWeight(capacityBytes)
            .weigher((BlockKey key, Weighted block) -> ENTRY_BYTES + block.heapBytes())
            .executor(Runnable::run)
            .recordStats()
            .build();
  }

  /** The block that begins at this byte of this file, or null if it is not here. */
  public @Nullable Weighted get(long fileId, long offset) {
    return capacityBytes == 0 ? null : blocks.getIfPresent(new BlockKey(fileId, offset));
  }

  /** Like {@link #get}, without a trace in statistics or in what is kept. */
  public @Nullable Weighted peek(long fileId, long offset) {
    return capacityBytes == 0
        ? null
        : blocks.policy().getIfPresentQuietly(new BlockKey(fileId, offset));
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
    blocks.invalidate(new BlockKey(fileId, offset));
  }

  /** Counts since the start, and what is held now. */
  public CacheStatistics statistics() {
    CacheStats stats = blocks.stats();
    long used = blocks.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    return new CacheStatistics(
        stats.hitCount(),
        stats.missCount(),
        stats.evictionCount(),
        stats.evictionWeight(),
        blocks.estimatedSize(),
        used,
        capacityBytes);
  }

  /** File ids are small and rise; offsets share factors: both are mixed before they meet. */
  private record BlockKey(long fileId, long offset) {

    @Override
    public int hashCode() {
      long mixed = (fileId * 0x9E3779B97F4A7C15L + offset) * 0xBF58476D1CE4E5B9L;
      return (int) (mixed >>> 32);
    }
  }
}
