package io.distkv.simulation.cluster.invariant;

import java.util.Map;
import java.util.TreeMap;

/**
 * What was committed in a term is in the log of the leader of every later one (Raft paper, figure
 * 3). It is enough to look for the last such entry: with log matching, all before it are there too.
 */
final class LeaderCompleteness implements Invariant {
  private final Map<Long, Commits> commits = new TreeMap<>();
  private final Map<ReplicaId, Long> seenUpTo = new TreeMap<>();
  private final Map<ReplicaId, Boolean> known = new TreeMap<>();

  @Override
  public void check(Look look) {
    Commits ofGroup = commits.computeIfAbsent(look.group(), _ -> new Commits());
    ReplicaId id = ReplicaId.of(look);
    for (long index = seenUpTo.getOrDefault(id, 0L) + 1; index <= look.committed(); index++) {
      ShadowLog.Seen seen = look.log().at(index);
      if (seen != null) {
        ofGroup.add(index, new Commits.Commit(seen, look.term(), look.node()));
      }
    }
    seenUpTo.merge(id, look.committed(), Math::max);
    ReplicaId term = new ReplicaId(look.group(), look.term());
    if (look.leads() && known.putIfAbsent(term, true) == null) {
      checkNew(look, ofGroup);
    }
  }

  private void checkNew(Look look, Commits ofGroup) {
    Map.Entry<Long, Commits.Commit> last = ofGroup.lastBefore(look.term());
    if (last == null) {
      return;
    }
    ShadowLog.Seen seen = look.log().at(last.getKey());
    boolean forgotten = seen == null && last.getKey() <= look.raft().base().index();
    if (!forgotten && (seen == null || seen.term() != last.getValue().entry().term())) {
      throw violated(
          look,
          "leads in term %d without entry %d, which was committed in term %d"
              .formatted(look.term(), last.getKey(), last.getValue().knownInTerm()));
    }
  }
}
