package io.distkv.simulation.cluster.invariant;

import io.distkv.raft.Position;
import java.util.Map;
import java.util.TreeMap;

/** A leader never takes away or replaces entries of its own log (Raft paper, figure 3). */
final class LeaderAppendOnly implements Invariant {
  private final Map<ReplicaId, Reign> reigns = new TreeMap<>();

  /** What a leader was last seen with. */
  private record Reign(int life, long term, Position last) {}

  @Override
  public void check(Look look) {
    ReplicaId id = ReplicaId.of(look);
    if (!look.leads()) {
      reigns.remove(id);
      return;
    }
    Reign before = reigns.put(id, new Reign(look.life(), look.term(), look.last()));
    if (before == null || before.life() != look.life() || before.term() != look.term()) {
      return;
    }
    long index = before.last().index();
    ShadowLog.Seen seen = look.log().at(index);
    if (look.last().index() < index || (seen != null && seen.term() != before.last().term())) {
      throw violated(look, "its log had " + before.last() + " as leader, and has not now");
    }
  }
}
