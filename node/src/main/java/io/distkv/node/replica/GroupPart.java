package io.distkv.node.replica;

import io.distkv.raft.Raft;
import io.distkv.raft.Role;

/**
 * A replica's part in its group at a moment.
 *
 * @param role follower, candidate or leader
 * @param leaderKnown whether this replica leads, or knows who does
 * @param waitingEntries of the log that are not applied
 * @param logBytes of entries in memory, for members that lag
 */
public record GroupPart(
    Role role, long term, boolean leaderKnown, long waitingEntries, long logBytes) {

  static GroupPart of(Raft raft, long appliedIndex) {
    return new GroupPart(
        raft.role(),
        raft.term(),
        raft.leader() != 0,
        raft.last().index() - appliedIndex,
        raft.logBytes());
  }
}
