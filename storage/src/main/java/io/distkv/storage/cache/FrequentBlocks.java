package io.distkv.storage.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import org.jspecify.annotations.Nullable;

/** Keeps what is used often and lately: Caffeine's W-TinyLFU, weighed in bytes. */
final class FrequentBlocks implements Blocks {
  private final long capacityBytes;
  private final Cache<BlockKey, BlockCache.Weighted> cache;

  FrequentBlocks(long capacityBytes) {
    this.capacityBytes = capacityBytes;
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(capacityBytes)
            .weigher((BlockKey key, BlockCache.Weighted block) -> BlockCache.weight(block))
            .executor(Runnable::run)
            .recordStats()
            .build();
  }

  @Override
  public BlockCache.@Nullable Weighted get(BlockKey key) {
    return cache.getIfPresent(key);
  }

  @Override
  public BlockCache.@Nullable Weighted peek(BlockKey key) {
    return cache.policy().getIfPresentQuietly(key);
  }

  @Override
  public void put(BlockKey key, BlockCache.Weighted block) {
    cache.put(key, block);
  }

  @Override
  public void remove(BlockKey key) {
    cache.invalidate(key);
  }

  @Override
  public CacheStatistics statistics() {
    CacheStats stats = cache.stats();
    return new CacheStatistics(
        stats.hitCount(),
        stats.missCount(),
        stats.evictionCount(),
        stats.evictionWeight(),
        cache.estimatedSize(),
        cache.policy().eviction().orElseThrow().weightedSize().orElseThrow(),
        capacityBytes);
  }
}
