package io.distkv.client;

/**
 * What a watch tells: a change of a key, or how far everything has been told.
 *
 * @param <K> type of keys
 * @param <V> type of values
 */
public sealed interface WatchEvent<K, V> permits Change, Progress {}
