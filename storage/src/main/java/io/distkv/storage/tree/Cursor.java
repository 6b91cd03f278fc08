package io.distkv.storage.tree;

import java.io.IOException;

/**
 * A position among the keys of a range as they stood at one version: each key once, with its newest
 * value at or below the version; deleted keys do not show, expired ones do (the caller compares
 * {@link #expiresAtMillis} with its own time).
 *
 * <p>A new cursor stands nowhere. Every movement tells whether the cursor then stands on a key;
 * only then may the accessors be called. A movement that leaves the range ends nowhere, and from
 * there only the seeks lead back.
 *
 * <p>The key's array changes with the next movement. The value's array is immutable and stays valid
 * as long as it is referenced.
 *
 * <p>Not thread-safe. Any movement may read the disk; after an {@link IOException}, for instance a
 * {@link io.distkv.storage.CorruptionException}, the cursor stands nowhere.
 */
public interface Cursor {

  boolean seekToFirst() throws IOException;

  boolean seekToLast() throws IOException;

  /** Moves to the first key at or after the given one. */
  boolean seek(byte[] key) throws IOException;

  /** Moves to the last key at or before the given one. */
  boolean seekAtOrBefore(byte[] key) throws IOException;

  boolean next() throws IOException;

  boolean prev() throws IOException;

  /** Whether the cursor stands on a key. */
  boolean valid();

  /** A copy of the key. */
  byte[] key();

  /** The array that holds the key until the cursor moves. */
  byte[] keyArray();

  int keyOffset();

  /** Bytes of the key. */
  int keyLength();

  /** The version that wrote the value. */
  long version();

  /** When the value ends, in wall milliseconds; 0 if never. */
  long expiresAtMillis();

  /** The array that holds the value; immutable. */
  byte[] valueArray();

  int valueOffset();

  /** Bytes of the value. */
  int valueLength();
}
