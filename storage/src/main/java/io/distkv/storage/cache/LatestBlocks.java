package io.distkv.storage.cache;

import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Keeps what was used last. */
final class LatestBlocks implements Blocks {
  private final long capacityBytes;
  private final LinkedHashMap<BlockKey, BlockCache.Weighted> byUse =
      new LinkedHashMap<>(16, 0.75f, true);

  /** The same blocks in a map that a look does not reorder. */
  private final LinkedHashMap<BlockKey, BlockCache.Weighted> held = new LinkedHashMap<>();

  private long usedBytes;
  private long hits;
  private long misses;
  private long evictions;
  private long evictedBytes;

  LatestBlocks(long capacityBytes) {
    if (capacityBytes < 0) {
      throw new IllegalArgumentException("capacityBytes out of range: " + capacityBytes);
    }
    this.capacityBytes = capacityBytes;
  }

  @Override
  public synchronized BlockCache.@Nullable Weighted get(BlockKey key) {
    BlockCache.Weighted block = byUse.get(key);
    if (block == null) {
      misses++;
    } else {
      hits++;
    }
    return block;
  }

  @Override
  public synchronized BlockCache.@Nullable Weighted peek(BlockKey key) {
    return held.get(key);
  }

  @Override
  public synchronized void put(BlockKey key, BlockCache.Weighted block) {
    remove(key);
    byUse.put(key, block);
    held.put(key, block);
    usedBytes += BlockCache.weight(block);
    Iterator<BlockKey> oldest = byUse.keySet().iterator();
    while (usedBytes > capacityBytes) {
      BlockKey victim = oldest.next();
      oldest.remove();
      evictions++;
      evictedBytes += release(victim);
    }
  }

  @Override
  public synchronized void remove(BlockKey key) {
    byUse.remove(key);
    release(key);
  }

  @Override
  public synchronized CacheStatistics statistics() {
    return new CacheStatistics(
        hits, misses, evictions, evictedBytes, held.size(), usedBytes, capacityBytes);
  }

  private int release(BlockKey key) {
    BlockCache.Weighted block = held.remove(key);
    if (block == null) {
      return 0;
    }
    int weight = BlockCache.weight(block);
    usedBytes -= weight;
    return weight;
  }
}
