package io.distkv.raft;

/**
 * One server of a group, and what its vote counts for.
 *
 * @param id of the node, at least 1
 * @param role in the group
 * @param priority where the leader should be: a leader hands over to a voter that has a higher one
 *     and is not behind; 0 is usual
 */
public record Member(long id, Role role, int priority) {

  /**
   * What a member's vote counts for. While voters change, two sets of them must agree: those of
   * before and those to be.
   */
  public enum Role {
    /** Votes; in both sets while voters change. */
    VOTER,
    /** Will be a voter: votes in the set to be. */
    INCOMING,
    /** Was a voter, and will be gone: votes in the set of before. */
    OUTGOING,
    /** Was a voter, and will be a learner: votes in the set of before. */
    DEMOTED,
    /** Is sent everything and never votes. */
    LEARNER;

    /** Whether it votes in the set of before, or in the only one there is. */
    boolean votesBefore() {
      return this == VOTER || this == OUTGOING || this == DEMOTED;
    }

    /** Whether it votes in the set to be, or in the only one there is. */
    boolean votesAfter() {
      return this == VOTER || this == INCOMING;
    }

    boolean isChanging() {
      return this == INCOMING || this == OUTGOING || this == DEMOTED;
    }
  }

  public Member {
    if (id < 1) {
      throw new IllegalArgumentException("the id of a member must be at least 1, not " + id);
    }
  }

  /** Whether it has a vote of any kind. */
  public boolean votes() {
    return role != Role.LEARNER;
  }

  Member as(Role newRole) {
    return new Member(id, newRole, priority);
  }
}
