package io.distkv.node.replica;

import io.distkv.raft.Membership;

/**
 * Which nodes keep the replicas of a partition when its group begins; later the group itself knows
 * its members. Called while the node starts.
 */
public interface Placement {

  /** Every group consists of this node. */
  Placement ALONE = (self, replica) -> Membership.ofVoters(self);

  /**
   * The first members of a group; every node that is among them must be told the same.
   *
   * @param self the id of this node, as {@link io.distkv.node.keyspace.Catalog#memberId} gives it
   */
  Membership members(long self, ReplicaIdentity replica);
}
