package io.distkv.client;

/**
 * What came of an increment.
 *
 * @param value the sum
 * @param version that the key has now, without a sign
 */
public record Sum(long value, long version) {}
