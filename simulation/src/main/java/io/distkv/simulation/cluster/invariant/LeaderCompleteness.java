package io.distkv.simulation.cluster.invariant;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was committed in a term is in the log of the leader of every later one (Raft paper, figure
 * 3). It is enough to look for the last such entry: with log matching, all before it are there too.
 */
final class LeaderCompleteness implements Invariant {
  private final Commits commits = new Commits();
  private final Set<ReplicaId> known = new TreeSet<>();

  @Override
  public void check(Look look) {
    commits.learn(look, (index, entry, before) -> {});
    if (look.leads() && known.add(new ReplicaId(look.group(), look.term()))) {
      checkNew(look);
    }
  }

  private void checkNew(Look look) {
    Map.Entry<Long, Commits.Commit> last = commits.lastBefore(look);
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
