package io.distkv.storage.table;

import org.jspecify.annotations.Nullable;

/**
 * Where a point read puts the entry it found. One instance serves any number of reads, so that a
 * read allocates nothing.
 *
 * <p>The value is a slice of an array that is immutable and stays valid as long as it is
 * referenced, also when this object is used again.
 *
 * <p>Not thread-safe.
 */
public final class Lookup {

  /** How a point read ended. */
  public enum Outcome {
    /** There is an entry, a value or a tombstone, and the {@link Lookup} holds it. */
    FOUND,
    /** There is no entry of the key at or below the version. */
    ABSENT,
    /** Only the disk knows, and the read was to stay in memory. */
    COLD
  }

  private static final byte[] NO_BYTES = {};

  private EntryKind kind = EntryKind.TOMBSTONE;
  private long version;
  private long expiresAtMillis;
  private byte[] valueArray = NO_BYTES;
  private int valueOffset;
  private int valueLength;

  /** Walks the blocks of a table on the way; kept here so that a read allocates nothing. */
  private @Nullable BlockCursor cursor;

  /** Takes over a found value. */
  public void setValue(
      long version, long expiresAtMillis, byte[] valueArray, int valueOffset, int valueLength) {
    this.kind = EntryKind.VALUE;
    this.version = version;
    this.expiresAtMillis = expiresAtMillis;
    this.valueArray = valueArray;
    this.valueOffset = valueOffset;
    this.valueLength = valueLength;
  }

  /** Takes over a found tombstone. */
  public void setTombstone(long version) {
    this.kind = EntryKind.TOMBSTONE;
    this.version = version;
    this.expiresAtMillis = 0;
    this.valueArray = NO_BYTES;
    this.valueOffset = 0;
    this.valueLength = 0;
  }

  public EntryKind kind() {
    return kind;
  }

  public long version() {
    return version;
  }

  /** When the value ends, in wall milliseconds; 0 if never. */
  public long expiresAtMillis() {
    return expiresAtMillis;
  }

  /** The array that holds the value; immutable. */
  public byte[] valueArray() {
    return valueArray;
  }

  public int valueOffset() {
    return valueOffset;
  }

  /** Bytes of the value. */
  public int valueLength() {
    return valueLength;
  }

  /** A cursor for the time of one read, standing nowhere in the block. */
  BlockCursor cursor(Block block) {
    if (cursor == null) {
      cursor = new BlockCursor(block);
    } else {
      cursor.enter(block);
    }
    return cursor;
  }

  /** Takes over the entry that a cursor stands on. */
  void take(BlockCursor at) {
    kind = at.kind();
    version = at.version();
    expiresAtMillis = at.expiresAtMillis();
    valueArray = at.valueArray();
    valueOffset = at.valueOffset();
    valueLength = at.valueLength();
  }
}
