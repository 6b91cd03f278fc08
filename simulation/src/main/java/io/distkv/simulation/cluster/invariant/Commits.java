package io.distkv.simulation.cluster.invariant;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The entries that any replica of a group has known to be committed. */
final class Commits {
  private final TreeMap<Long, Commit> byIndex = new TreeMap<>();

  /**
   * A committed entry.
   *
   * @param knownInTerm the term of the first replica that knew
   */
  record Commit(ShadowLog.Seen entry, long knownInTerm, long node) {}

  /** A replica knows an entry to be committed; gives what was known before, or null. */
  @Nullable Commit add(long index, Commit commit) {
    return byIndex.putIfAbsent(index, commit);
  }

  /** The last entry that was known to be committed before a term, or null. */
  Map.@Nullable Entry<Long, Commit> lastBefore(long term) {
    Map.Entry<Long, Commit> last = byIndex.lastEntry();
    while (last != null && last.getValue().knownInTerm() >= term) {
      last = byIndex.lowerEntry(last.getKey());
    }
    return last;
  }
}
