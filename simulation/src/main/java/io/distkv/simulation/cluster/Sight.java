package io.distkv.simulation.cluster;

import io.distkv.node.replica.Replica;
import io.distkv.raft.Membership;
import io.distkv.raft.Position;
import io.distkv.raft.Raft;
import io.distkv.raft.Role;

/** What a look at a replica depends on: as long as it is the same, nothing need be checked. */
record Sight(
    int life,
    Role role,
    long term,
    long committed,
    Position last,
    Position base,
    long applied,
    long flushed,
    long readableUntilNanos,
    Membership membership) {

  /**
   * A replica as it is now.
   *
   * @param life of its node
   */
  static Sight of(int life, Replica replica) {
    Raft raft = replica.raft();
    return new Sight(
        life,
        raft.role(),
        raft.term(),
        raft.committed(),
        raft.last(),
        raft.base(),
        replica.appliedIndex(),
        replica.flushedIndex(),
        raft.readableUntilNanos(),
        raft.membership());
  }

  boolean leads() {
    return role == Role.LEADER;
  }

  String asText() {
    return "%s of term %d, log from %d/%d to %d/%d, committed %d, applied %d, in tables %d"
        .formatted(
            role,
            term,
            base.index(),
            base.term(),
            last.index(),
            last.term(),
            committed,
            applied,
            flushed);
  }
}
