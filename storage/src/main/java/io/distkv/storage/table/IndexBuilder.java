package io.distkv.storage.table;

/**
 * Builds one index block: for each block under it an entry whose (key, version) is not before the
 * last entry of that block and before the first one of the next.
 */
final class IndexBuilder {
  /** Whole keys are cheap in an index, and each one halves the walk. */
  private static final int RESTART_INTERVAL = 4;

  private final BlockBuilder block = new BlockBuilder(RESTART_INTERVAL);
  private final KeyBuffer last = new KeyBuffer();
  private final byte[] handle = new byte[BlockHandle.BYTES];

  void add(byte[] key, int keyLength, long version, long offset, int length) {
    int shared = last.sharedWith(key, 0, keyLength);
    last.set(key, 0, keyLength, shared);
    BlockHandle.set(handle, offset, length);
    block.add(key, 0, keyLength, shared, version, EntryKind.VALUE, 0, handle, 0, BlockHandle.BYTES);
  }

  int count() {
    return block.count();
  }

  int estimatedBytes() {
    return block.estimatedBytes();
  }

  int finish() {
    return block.finish();
  }

  byte[] array() {
    return block.array();
  }

  void reset() {
    block.reset();
  }
}
