package io.distkv.storage.table;

/** What an entry says of its key from its version on. */
public enum EntryKind {
  /** The key has the entry's value, up to the entry's expiry if it has one. */
  VALUE,
  /** The key was deleted. */
  TOMBSTONE
}
