package io.distkv.storage.cache;

/**
 * Names a block.
 *
 * @param fileId of its table, unique on the node
 * @param offset of its first byte in the file
 */
record BlockKey(long fileId, long offset) {

  /** File ids are small and rise, offsets share factors: both are mixed before they meet. */
  @Override
  public int hashCode() {
    long mixed = (fileId * 0x9E3779B97F4A7C15L + offset) * 0xBF58476D1CE4E5B9L;
    return (int) (mixed >>> 32);
  }
}
