package io.distkv.client;

/** How the tables of a keyspace are compressed. */
public enum Compression {
  /** Not at all. */
  NONE,
  /** LZ4: fast, and a little better than nothing. */
  LZ4,
  /** Snappy. */
  SNAPPY,
  /** Zstandard: the smallest tables, for more time of the processor. */
  ZSTD
}
