package io.distkv.node.replica;

import io.distkv.storage.tree.ChangeCursor;
import io.distkv.storage.tree.HistoryGoneException;
import io.distkv.storage.tree.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Finds the oldest changes after a version in a replica's state: a walk over the keys of the range
 * that keeps those of the smallest versions. However much there is, no more than a bounded part of
 * it is in memory at a time; what is left over is for the next pass.
 *
 * @param changes the oldest, in the order of version and key
 * @param through the version up to which they are all
 */
record ChangePass(List<Change> changes, long through) {

  /**
   * Walks; on a worker, since it reads the disk.
   *
   * @param snapshot is closed by this call
   * @param mostBytes about what may be kept; a single version is kept whole, however large
   */
  static ChangePass run(Snapshot snapshot, ChangeRange range, long after, long mostBytes)
      throws IOException, HistoryGoneException {
    try (snapshot) {
      ChangeCursor cursor = snapshot.changes(range.range(), after);
      NavigableMap<Long, List<Change>> kept = new TreeMap<>();
      long keptBytes = 0;
      long through = snapshot.asOf();
      while (cursor.next()) {
        if (cursor.version() > through) {
          continue;
        }
        Change change = change(cursor);
        kept.computeIfAbsent(change.version(), _ -> new ArrayList<>(1)).add(change);
        keptBytes += change.sizeBytes();
        while (keptBytes > mostBytes && kept.size() > 1) {
          List<Change> newest = kept.pollLastEntry().getValue();
          through = newest.getFirst().version() - 1;
          keptBytes -= newest.stream().mapToLong(Change::sizeBytes).sum();
        }
      }
      List<Change> changes = new ArrayList<>();
      // The walk was by key, so those of one version are in order already.
      kept.values().forEach(changes::addAll);
      return new ChangePass(changes, through);
    }
  }

  /** With bytes of its own: those at the cursor belong to a whole block. */
  private static Change change(ChangeCursor at) {
    if (at.removed()) {
      return Change.removed(at.key(), at.version());
    }
    byte[] value =
        Arrays.copyOfRange(at.valueArray(), at.valueOffset(), at.valueOffset() + at.valueLength());
    return Change.put(at.key(), value, at.expiresAtMillis(), at.version());
  }
}
