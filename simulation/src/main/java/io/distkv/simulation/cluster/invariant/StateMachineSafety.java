package io.distkv.simulation.cluster.invariant;

import java.util.Map;
import java.util.TreeMap;

/** No two replicas ever commit different entries at an index (Raft paper, figure 3). */
final class StateMachineSafety implements Invariant {
  private final Map<Long, Commits> commits = new TreeMap<>();
  private final Map<ReplicaId, Long> seenUpTo = new TreeMap<>();

  @Override
  public void check(Look look) {
    ReplicaId id = ReplicaId.of(look);
    long from = seenUpTo.getOrDefault(id, 0L) + 1;
    for (long index = from; index <= look.committed(); index++) {
      ShadowLog.Seen seen = look.log().at(index);
      if (seen != null) {
        add(look, index, seen);
      }
    }
    seenUpTo.merge(id, look.committed(), Math::max);
  }

  private void add(Look look, long index, ShadowLog.Seen seen) {
    Commits.Commit commit = new Commits.Commit(seen, look.term(), look.node());
    Commits.Commit before =
        commits.computeIfAbsent(look.group(), _ -> new Commits()).add(index, commit);
    if (before != null && !before.entry().equals(seen)) {
      throw violated(
          look,
          "committed %s at %d, where node %d has %s"
              .formatted(seen, index, before.node(), before.entry()));
    }
  }
}
