package io.distkv.storage.tree;

import io.distkv.base.Version;
import io.distkv.storage.table.EntryCursor;
import io.distkv.storage.table.EntryKind;
import java.io.IOException;

/**
 * Shows what was written to the keys of a range between two versions: every value and every
 * removal, keys ascending, the newest first of each. Tables that hold nothing newer are not read.
 *
 * <p>The key's array changes with the next movement; the value's array is immutable. Not
 * thread-safe; usable until the snapshot that it is of is closed.
 */
public final class ChangeCursor {
  private final EntryCursor entries;
  private final KeyRange range;
  private final long after;
  private final long upTo;
  private boolean begun;

  /**
   * @param entries at least all those that are newer than {@code after}
   */
  ChangeCursor(EntryCursor entries, KeyRange range, long after, long upTo) {
    this.entries = entries;
    this.range = range;
    this.after = after;
    this.upTo = upTo;
  }

  /** Moves to the next change; tells whether there is one. Only as long as it does. */
  public boolean next() throws IOException {
    boolean stands = begun ? entries.next() : begin();
    while (stands) {
      if (range.isAbove(entries.keyArray(), entries.keyOffset(), entries.keyLength())) {
        return false;
      }
      if (entries.version() > after && entries.version() <= upTo) {
        return true;
      }
      stands = entries.next();
    }
    return false;
  }

  private boolean begin() throws IOException {
    begun = true;
    byte[] from = range.from();
    return from == null
        ? entries.seekToFirst()
        : entries.seek(from, 0, from.length, Version.LATEST);
  }

  /** A copy of the key. */
  public byte[] key() {
    byte[] key = new byte[entries.keyLength()];
    System.arraycopy(entries.keyArray(), entries.keyOffset(), key, 0, key.length);
    return key;
  }

  public long version() {
    return entries.version();
  }

  /** Whether the key was removed. */
  public boolean removed() {
    return entries.kind() == EntryKind.TOMBSTONE;
  }

  /** When the value ends, in wall milliseconds; 0 if never. */
  public long expiresAtMillis() {
    return entries.expiresAtMillis();
  }

  /** The array that holds the value; immutable. */
  public byte[] valueArray() {
    return entries.valueArray();
  }

  public int valueOffset() {
    return entries.valueOffset();
  }

  /** Bytes of the value; 0 for a removal. */
  public int valueLength() {
    return entries.valueLength();
  }
}
