package io.distkv.storage.table;

import io.distkv.base.MalformedBytesException;
import java.io.IOException;
import java.util.Objects;

/**
 * A position in a table: one in the top-level index, one in the index partition that leads to, one
 * in the data block that leads to. The data position is the cursor's own; the upper two only follow
 * when it leaves its block.
 */
final class TableCursor implements EntryCursor {

  /**
   * From this size a block is let go of while the cursor is parked; reading it again costs less.
   */
  private static final int PARKED_BYTES = 256 * 1024;

  private final TableReader reader;
  private final BlockSource source;
  private final boolean lookIntoCache;
  private final boolean fillCache;

  private final BlockCursor top;
  private final BlockCursor index;
  private final BlockCursor data;

  /** Which partition and which block the lower two are in; -1 before the first. */
  private long partitionOffset = -1;

  private long blockOffset = -1;

  /** Whether the data block was let go of; the index still stands on it, and the key is here. */
  private boolean parked;

  private long parkedVersion;

  TableCursor(
      TableReader reader,
      Block topIndex,
      BlockSource source,
      boolean lookIntoCache,
      boolean fillCache) {
    this.reader = reader;
    this.source = source;
    this.lookIntoCache = lookIntoCache;
    this.fillCache = fillCache;
    top = new BlockCursor(topIndex);
    index = new BlockCursor(topIndex);
    data = new BlockCursor(topIndex);
  }

  @Override
  public boolean seekToFirst() throws IOException {
    try {
      top.seekToFirst();
      enterPartition();
      index.seekToFirst();
      enterBlock();
      return data.seekToFirst();
    } catch (IOException | RuntimeException e) {
      throw lost(e);
    }
  }

  @Override
  public boolean seekToLast() throws IOException {
    try {
      top.seekToLast();
      enterPartition();
      index.seekToLast();
      enterBlock();
      return data.seekToLast();
    } catch (IOException | RuntimeException e) {
      throw lost(e);
    }
  }

  @Override
  public boolean seek(byte[] key, int offset, int length, long version) throws IOException {
    Objects.checkFromIndexSize(offset, length, key.length);
    try {
      if (!top.seek(key, offset, length, version)) {
        parked = false;
        data.clear();
        return false;
      }
      enterPartition();
      if (!index.seek(key, offset, length, version)) {
        throw new MalformedBytesException("index partition ends before what leads to it");
      }
      enterBlock();
      // Between the last entry of a block and what the index says of it, nothing is in this block.
      return data.seek(key, offset, length, version) || toNextBlock();
    } catch (IOException | RuntimeException e) {
      throw lost(e);
    }
  }

  @Override
  public boolean next() throws IOException {
    try {
      return data.next() || toNextBlock();
    } catch (IOException | RuntimeException e) {
      throw lost(e);
    }
  }

  @Override
  public boolean prev() throws IOException {
    try {
      return data.prev() || toPreviousBlock();
    } catch (IOException | RuntimeException e) {
      throw lost(e);
    }
  }

  @Override
  public boolean valid() {
    return parked || data.valid();
  }

  /** Only blocks of one entry are so large that this lets go of them. */
  @Override
  public void park() {
    if (data.isAlone() && data.blockBytes() >= PARKED_BYTES) {
      parkedVersion = data.version();
      parked = true;
      blockOffset = -1;
      data.enter(reader.top());
    }
  }

  @Override
  public void unpark() throws IOException {
    if (parked) {
      try {
        enterBlock();
        data.seekToFirst();
      } catch (IOException | RuntimeException e) {
        throw lost(e);
      }
    }
  }

  @Override
  public byte[] keyArray() {
    return data.keyArray();
  }

  @Override
  public int keyOffset() {
    return 0;
  }

  @Override
  public int keyLength() {
    return data.keyLength();
  }

  @Override
  public long version() {
    return parked ? parkedVersion : data.version();
  }

  @Override
  public EntryKind kind() {
    return data.kind();
  }

  @Override
  public long expiresAtMillis() {
    return data.expiresAtMillis();
  }

  @Override
  public byte[] valueArray() {
    return data.valueArray();
  }

  @Override
  public int valueOffset() {
    return data.valueOffset();
  }

  @Override
  public int valueLength() {
    return data.valueLength();
  }

  private boolean toNextBlock() throws IOException {
    if (!index.next()) {
      if (!top.next()) {
        data.clear();
        return false;
      }
      enterPartition();
      index.seekToFirst();
    }
    enterBlock();
    return data.seekToFirst();
  }

  private boolean toPreviousBlock() throws IOException {
    if (!index.prev()) {
      if (!top.prev()) {
        data.clear();
        return false;
      }
      enterPartition();
      index.seekToLast();
    }
    enterBlock();
    return data.seekToLast();
  }

  private void enterPartition() throws IOException {
    long offset = BlockHandle.offset(top);
    if (offset != partitionOffset) {
      int length = BlockHandle.length(top);
      index.enter(reader.partition(source, offset, length, lookIntoCache, fillCache).index());
      partitionOffset = offset;
    }
  }

  private void enterBlock() throws IOException {
    long offset = BlockHandle.offset(index);
    parked = false;
    if (offset != blockOffset) {
      int length = BlockHandle.length(index);
      data.enter(reader.block(source, offset, length, lookIntoCache, fillCache));
      blockOffset = offset;
    }
  }

  /** Leaves the cursor nowhere, and names the place if bytes were not what they should be. */
  private IOException lost(Exception e) {
    parked = false;
    data.clear();
    long place = Math.max(blockOffset, 0);
    partitionOffset = -1;
    blockOffset = -1;
    return switch (e) {
      case IOException failed -> failed;
      case MalformedBytesException malformed -> reader.corruption(place, malformed);
      case IndexOutOfBoundsException outside -> reader.corruption(place, outside);
      default -> throw new IllegalStateException("cursor failed", e);
    };
  }
}
