package io.distkv.storage.cache;

import org.jspecify.annotations.Nullable;

/** A bounded map of blocks with a policy of what to keep. Safe for use by any thread. */
sealed interface Blocks permits FrequentBlocks, LatestBlocks {

  BlockCache.@Nullable Weighted get(BlockKey key);

  /** Like {@link #get}, without a trace. */
  BlockCache.@Nullable Weighted peek(BlockKey key);

  void put(BlockKey key, BlockCache.Weighted block);

  void remove(BlockKey key);

  CacheStatistics statistics();
}
