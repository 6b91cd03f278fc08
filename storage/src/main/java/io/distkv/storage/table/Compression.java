package io.distkv.storage.table;

/** How the blocks of a table are compressed; a block that gains nothing is stored raw. */
public enum Compression {
  NONE(0),
  /** Fastest both ways; the default. */
  LZ4(1),
  SNAPPY(2),
  /** Smallest; for levels that are read rarely. */
  ZSTD(3);

  /** The number that stands for it in files. */
  private final int id;

  Compression(int id) {
    this.id = id;
  }

  int id() {
    return id;
  }
}
