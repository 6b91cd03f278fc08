package io.distkv.simulation.cluster.invariant;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The entries that any replica of a group has known to be committed, for all groups. */
final class Commits {
  private final Map<Long, NavigableMap<Long, Commit>> groups = new TreeMap<>();
  private final Map<ReplicaId, Long> seenUpTo = new TreeMap<>();

  /**
   * A committed entry.
   *
   * @param knownInTerm the term of the first replica that knew
   * @param node that it was on
   */
  record Commit(ShadowLog.Seen entry, long knownInTerm, long node) {}

  /** Is told of an entry that a replica knows to be committed, where another knew it before. */
  @FunctionalInterface
  interface Again {
    void known(long index, ShadowLog.Seen entry, Commit before);
  }

  /** Takes what a replica knows by now. */
  void learn(Look look, Again again) {
    ReplicaId id = ReplicaId.of(look);
    NavigableMap<Long, Commit> commits = ofGroup(look);
    for (long index = seenUpTo.getOrDefault(id, 0L) + 1; index <= look.committed(); index++) {
      ShadowLog.Seen seen = look.log().at(index);
      if (seen != null) {
        Commit before = commits.putIfAbsent(index, new Commit(seen, look.term(), look.node()));
        if (before != null) {
          again.known(index, seen, before);
        }
      }
    }
    seenUpTo.merge(id, look.committed(), Math::max);
  }

  private NavigableMap<Long, Commit> ofGroup(Look look) {
    return groups.computeIfAbsent(look.group(), _ -> new TreeMap<>());
  }

  /** The last entry that was known to be committed before the term of a replica, or null. */
  Map.@Nullable Entry<Long, Commit> lastBefore(Look look) {
    NavigableMap<Long, Commit> commits = ofGroup(look);
    Map.Entry<Long, Commit> last = commits.lastEntry();
    while (last != null && last.getValue().knownInTerm() >= look.term()) {
      last = commits.lowerEntry(last.getKey());
    }
    return last;
  }
}
