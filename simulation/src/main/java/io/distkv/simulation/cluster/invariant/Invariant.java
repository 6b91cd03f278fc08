package io.distkv.simulation.cluster.invariant;

import io.distkv.simulation.world.Violation;
import java.util.List;

/** Something that must hold whatever happens. Told of every change of every replica. */
public interface Invariant {

  /** All of them, for one run. */
  static List<Invariant> all() {
    return List.of(
        new ElectionSafety(),
        new LeaderAppendOnly(),
        new LogMatching(),
        new LeaderCompleteness(),
        new StateMachineSafety(),
        new CommitNeverRegresses(),
        new AtMostOneLeaseHolder(),
        new AppliedIndexEqualsTables(),
        new ReplicasIdentical(),
        new BoundedLogs(),
        new BoundedQueues());
  }

  /**
   * Looks at a replica that has changed.
   *
   * @throws Violation if the invariant does not hold
   */
  void check(Look look);

  /** The violation of an invariant. */
  default Violation violated(Look look, String how) {
    return new Violation(
        "%s: node %d, group %d: %s"
            .formatted(getClass().getSimpleName(), look.node(), look.group(), how));
  }
}
