package io.distkv.storage.table;

import java.io.IOException;

/**
 * A position in a sequence of entries in internal order: keys ascending as unsigned bytes, and the
 * versions of one key descending, so that the newest comes first. No two entries have the same key
 * and version.
 *
 * <p>A new cursor stands nowhere. Every movement tells whether the cursor then stands on an entry;
 * only then may the accessors be called. From nowhere only the seeks lead back. A cursor allocates
 * nothing per entry.
 *
 * <p>The key's array is the cursor's own and changes with the next movement. The value's array is
 * immutable and stays valid as long as it is referenced: it is shared, never written to and never
 * copied.
 *
 * <p>Not thread-safe. Any movement may read the disk; a {@link
 * io.distkv.storage.CorruptionException} or other failure leaves the cursor nowhere.
 */
public interface EntryCursor {

  /** Moves to the first entry. */
  boolean seekToFirst() throws IOException;

  /** Moves to the last entry. */
  boolean seekToLast() throws IOException;

  /**
   * Moves to the first entry that is not before (key, version) in internal order: the newest entry
   * of the key at or below the version, or else the first entry of the next key.
   */
  boolean seek(byte[] key, int offset, int length, long version) throws IOException;

  /** Moves to the following entry; the cursor must stand on one. */
  boolean next() throws IOException;

  /** Moves to the entry before; the cursor must stand on one. */
  boolean prev() throws IOException;

  /** Whether the cursor stands on an entry. */
  boolean valid();

  /**
   * Lets go of a large value while the cursor is not the one that is looked at, so that a merge of
   * many cursors holds the bytes of one. Until {@link #unpark} only {@link #valid}, the key, the
   * version and the seeks may be asked for. The cursor must stand on an entry.
   */
  default void park() {}

  /** Makes the whole entry available again; may read the disk. */
  default void unpark() throws IOException {}

  /** The array that holds the key until the cursor moves. */
  byte[] keyArray();

  int keyOffset();

  /** Bytes of the key. */
  int keyLength();

  long version();

  EntryKind kind();

  /** When the value ends, in wall milliseconds; 0 if never, and for tombstones. */
  long expiresAtMillis();

  /** The array that holds the value; immutable. For a tombstone, any array. */
  byte[] valueArray();

  int valueOffset();

  /** Bytes of the value; 0 for a tombstone. */
  int valueLength();
}
