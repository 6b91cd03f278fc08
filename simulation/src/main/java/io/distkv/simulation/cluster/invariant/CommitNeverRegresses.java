package io.distkv.simulation.cluster.invariant;

import java.util.Map;
import java.util.TreeMap;

/**
 * While a node lives, its commit index and what it has applied never fall, nor does its term; and
 * what it has applied it knows to be committed, also after a start.
 */
final class CommitNeverRegresses implements Invariant {
  private final Map<ReplicaId, Before> replicas = new TreeMap<>();

  /** What a replica was last seen with. */
  private record Before(int life, long term, long committed, long applied) {}

  @Override
  public void check(Look look) {
    Before now = new Before(look.life(), look.term(), look.committed(), look.appliedIndex());
    if (now.applied() > now.committed()) {
      throw violated(look, now + ": more is applied than committed");
    }
    Before before = replicas.put(ReplicaId.of(look), now);
    if (before == null) {
      return;
    }
    // A crash may take back a term that was not durable yet: nobody has heard of it.
    if (now.life() == before.life()
        && (now.term() < before.term()
            || now.committed() < before.committed()
            || now.applied() < before.applied())) {
      throw violated(look, now + " after " + before);
    }
  }
}
