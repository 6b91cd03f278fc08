package io.distkv.storage.table;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * The hash of a key that filters are built from, and that memtables find keys by: XXH3-64 with seed
 * 0. Part of the table format.
 */
public final class KeyHash {
  private static final Hasher64 XXH3 = Hashing.xxh3_64();

  private KeyHash() {}

  public static long of(byte[] key, int offset, int length) {
    return XXH3.hashBytesToLong(key, offset, length);
  }
}
