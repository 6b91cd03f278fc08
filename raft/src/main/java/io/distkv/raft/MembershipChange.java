package io.distkv.raft;

/**
 * How a leader changes who takes part (Raft paper, section 6; {@link Membership} has why).
 *
 * <p>Invariants: at most one change is under way; none begins before the leader has committed an
 * entry of its own term, since it might not know of the one before. Entering the joint membership
 * and leaving it are entries of their own, and the second is appended only when the first is
 * committed.
 *
 * <p>A leader that is no voter any more leads until that is committed, without counting itself, and
 * then follows (section 6).
 */
final class MembershipChange {
  private final Server server;
  private final Replication replication;

  MembershipChange(Server server, Replication replication) {
    this.server = server;
    this.replication = replication;
  }

  /** Whether a change can begin now. */
  boolean mayBegin() {
    return server.leads()
        && replication.knowsCommitted()
        && server.membershipIndex() <= server.committed()
        && !server.membership().isJoint();
  }

  /**
   * Begins a change.
   *
   * @param target of voters and learners only
   * @return the index of the entry that begins it
   */
  long begin(Membership target) {
    return append(server.membership().towards(target));
  }

  private long append(Membership membership) {
    long index = replication.append(Entry.Kind.MEMBERSHIP, MembershipFormat.encode(membership));
    replication.meetMembers();
    return index;
  }

  /**
   * Goes on with a change whose last step is committed.
   *
   * @return whether this server must not lead any more
   */
  boolean goOn() {
    if (server.membershipIndex() > server.committed() || !replication.knowsCommitted()) {
      return false;
    }
    if (server.membership().isJoint()) {
      append(server.membership().settled());
      return false;
    }
    return !server.membership().votes(server.id());
  }
}
