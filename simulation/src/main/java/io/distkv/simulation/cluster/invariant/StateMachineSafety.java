package io.distkv.simulation.cluster.invariant;

/** No two replicas ever commit different entries at an index (Raft paper, figure 3). */
final class StateMachineSafety implements Invariant {
  private final Commits commits = new Commits();

  @Override
  public void check(Look look) {
    commits.learn(
        look,
        (index, entry, before) -> {
          if (!before.entry().equals(entry)) {
            throw violated(
                look,
                "committed %s at %d, where node %d has %s"
                    .formatted(entry, index, before.node(), before.entry()));
          }
        });
  }
}
