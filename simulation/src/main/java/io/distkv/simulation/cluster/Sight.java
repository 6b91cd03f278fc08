package io.distkv.simulation.cluster;

import io.distkv.node.replica.Replica;
import io.distkv.raft.Membership;
import io.distkv.raft.Position;
import io.distkv.raft.Raft;
import io.distkv.raft.Role;
import org.jspecify.annotations.Nullable;

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
    long pendingBytes,
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
        replica.pendingBytes(),
        raft.readableUntilNanos(),
        raft.membership());
  }

  boolean leads() {
    return role == Role.LEADER;
  }

  /** Whether the replica has begun to lead since another look at it. */
  boolean isNewLeaderAfter(@Nullable Sight before) {
    return leads()
        && (before == null || before.life() != life || !before.leads() || before.term() != term);
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
