package io.distkv.simulation.cluster.invariant;

import java.util.Map;
import java.util.TreeMap;

/** At most one leader in a term (Raft paper, figure 3). */
final class ElectionSafety implements Invariant {
  private final Map<ReplicaId, Long> leaders = new TreeMap<>();

  @Override
  public void check(Look look) {
    if (look.leads()) {
      ReplicaId term = new ReplicaId(look.group(), look.term());
      Long other = leaders.putIfAbsent(term, look.node());
      if (other != null && other != look.node()) {
        throw violated(look, "leads in term " + look.term() + ", as node " + other + " did");
      }
    }
  }
}
