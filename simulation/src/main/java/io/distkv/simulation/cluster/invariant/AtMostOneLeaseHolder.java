package io.distkv.simulation.cluster.invariant;

import java.util.Map;
import java.util.TreeMap;

/**
 * At any time at most one server of a group may serve reads without asking the others, each looking
 * at its own clock.
 */
final class AtMostOneLeaseHolder implements Invariant {
  private final Map<ReplicaId, Look> newest = new TreeMap<>();

  @Override
  public void check(Look look) {
    newest.put(ReplicaId.of(look), look);
    if (!look.servesReads()) {
      return;
    }
    newest.forEach((id, other) -> {
      if (id.group() == look.group() && id.number() != look.node() && other.servesReads()) {
        throw violated(
            look,
            "has a lease in term "
                + look.term()
                + ", and so has node "
                + other.node()
                + " in term "
                + other.term());
      }
    });
  }
}
