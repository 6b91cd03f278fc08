package io.distkv.storage.cache;

/**
 * How the block cache does.
 *
 * @param hits reads that found their block
 * @param misses reads that did not
 * @param evictions blocks pushed out or declined for want of space
 * @param evictedBytes size of those, overhead included
 * @param blocks held now
 * @param usedBytes size of those, overhead included
 * @param capacityBytes the bound of {@code usedBytes}
 */
public record CacheStatistics(
    long hits,
    long misses,
    long evictions,
    long evictedBytes,
    long blocks,
    long usedBytes,
    long capacityBytes) {}
