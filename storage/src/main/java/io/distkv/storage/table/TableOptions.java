package io.distkv.storage.table;

/**
 * How a table is laid out. Readers need none of it: the file says all.
 *
 * @param compression of the data blocks
 * @param blockBytes raw size at which a data block ends, 64 to 1,048,576; an entry larger than that
 *     gets a block of its own
 * @param restartInterval entries from one whole key to the next inside a block, 1 to 256
 * @param partitionBytes size of index and filter at which a partition ends, 64 to 1,048,576
 */
public record TableOptions(
    Compression compression, int blockBytes, int restartInterval, int partitionBytes) {

  static final int MIN_BYTES = 64;
  static final int MAX_BYTES = 1 << 20;

  public TableOptions {
    require(blockBytes >= MIN_BYTES && blockBytes <= MAX_BYTES, "blockBytes", blockBytes);
    require(restartInterval >= 1 && restartInterval <= 256, "restartInterval", restartInterval);
    require(
        partitionBytes >= MIN_BYTES && partitionBytes <= MAX_BYTES,
        "partitionBytes",
        partitionBytes);
  }

  /** The measured defaults with a compression of the caller's choice. */
  public static TableOptions of(Compression compression) {
    return new TableOptions(compression, 8 * 1024, 8, 16 * 1024);
  }

  private static void require(boolean holds, String name, int value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " out of range: " + value);
    }
  }
}
