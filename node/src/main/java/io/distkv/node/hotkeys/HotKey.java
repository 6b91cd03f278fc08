package io.distkv.node.hotkeys;

/**
 * A key that was asked for often.
 *
 * @param keyspace its name
 * @param key not to be changed
 * @param samples of the operations that asked for it, at least
 */
@SuppressWarnings("ArrayRecordComponent")
public record HotKey(String keyspace, byte[] key, long samples) {}
