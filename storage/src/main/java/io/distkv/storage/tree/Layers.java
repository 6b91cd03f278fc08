package io.distkv.storage.tree;

import io.distkv.base.Version;
import io.distkv.storage.level.Levels;
import io.distkv.storage.level.MergingCursor;
import io.distkv.storage.memtable.Memtable;
import io.distkv.storage.table.EntryCursor;
import io.distkv.storage.table.EntryKind;
import io.distkv.storage.table.KeyHash;
import io.distkv.storage.table.Lookup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything a read looks through, newest first: the memtable that takes the writes, those that
 * wait for their flush, the levels. Immutable, but for the first memtable, which grows.
 *
 * <p>Of one key, everything in a layer is newer than everything in the layers behind it, so a read
 * may stop at the first entry it finds.
 *
 * @param active the memtable that takes the writes
 * @param frozen memtables that wait for their flush, newest first
 * @param levels the tables
 * @param floor oldest version that can be read as of
 */
record Layers(Memtable active, List<Memtable> frozen, Levels levels, long floor) {

  /**
   * Finds the newest value of a key at or below a version; a tombstone counts as absent.
   *
   * @param memoryOnly whether to answer COLD instead of reading the disk
   */
  Lookup.Outcome get(byte[] key, long asOf, boolean memoryOnly, Lookup into) throws IOException {
    long hash = KeyHash.of(key, 0, key.length);
    Lookup.Outcome outcome = active.get(key, 0, key.length, hash, asOf, into);
    for (int i = 0; outcome == Lookup.Outcome.ABSENT && i < frozen.size(); i++) {
      outcome = frozen.get(i).get(key, 0, key.length, hash, asOf, into);
    }
    if (outcome == Lookup.Outcome.ABSENT) {
      outcome = levels.get(key, 0, key.length, hash, asOf, memoryOnly, into);
    }
    return outcome == Lookup.Outcome.FOUND && into.kind() == EntryKind.TOMBSTONE
        ? Lookup.Outcome.ABSENT
        : outcome;
  }

  /** A cursor over all entries of all layers. */
  EntryCursor cursor() {
    return cursor(Version.NONE);
  }

  /** A cursor over all entries that are newer than a version, and some that are not. */
  EntryCursor cursor(long newerThan) {
    List<EntryCursor> cursors = new ArrayList<>();
    cursors.add(active.cursor());
    frozen.forEach(memtable -> cursors.add(memtable.cursor()));
    levels.addCursors(cursors, newerThan);
    return cursors.size() == 1 ? cursors.get(0) : new MergingCursor(cursors);
  }
}
