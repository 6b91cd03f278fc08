package io.distkv.raft;

/** The part a server plays in its group (Raft paper, figure 4). */
public enum Role {
  /** Follows whoever leads, and waits. */
  FOLLOWER,
  /** Asks whether an election could be won. */
  PRE_CANDIDATE,
  /** Stands for election. */
  CANDIDATE,
  /** Leads. */
  LEADER
}
