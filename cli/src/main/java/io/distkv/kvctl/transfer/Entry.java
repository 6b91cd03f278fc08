package io.distkv.kvctl.transfer;

/**
 * A key with its value, as files carry it.
 *
 * @param ttlMillis the time to live, 0 for a key that never expires
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record Entry(byte[] key, byte[] value, long ttlMillis) {}
