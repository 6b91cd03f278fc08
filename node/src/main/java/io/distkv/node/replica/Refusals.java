package io.distkv.node.replica;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.raft.Refusal;

/** What clients are told when a group does not take what they want, or is no more. */
public final class Refusals {
  static final Reply.Failure NO_LEADER =
      Errors.of(
          ErrorCode.NO_QUORUM,
          "the partition has no leader that is known here; nothing was done; try again");
  private static final Reply.Failure HANDING_OVER =
      Errors.of(
          ErrorCode.NOT_LEADER,
          "the partition's leader is handing over to another; nothing was done; try again");
  static final Reply.Failure LEAD_CHANGED =
      Errors.of(
          ErrorCode.NOT_LEADER,
          "the partition's lead has changed since this read was sent, and writes came behind it;"
              + " nothing was done; try again");

  private Refusals() {}

  /** What clients of a keyspace are told that is no more. */
  public static Reply.Failure dropped(String keyspace) {
    return Errors.of(ErrorCode.NOT_FOUND, "keyspace " + keyspace + " was dropped; SELECT another");
  }

  /**
   * The words for a refusal.
   *
   * @param leader id of the node that leads; 0 if it is not known
   */
  static Reply.Failure of(Refusal refusal, long leader) {
    return switch (refusal) {
      case NOT_LEADER -> notLeader(leader);
      case HANDING_OVER, CHANGING -> HANDING_OVER;
      case OVERLOADED -> WritePath.BUSY;
    };
  }

  /** Another node leads; 0 if none is known. */
  static Reply.Failure notLeader(long leader) {
    return leader == 0
        ? NO_LEADER
        : Errors.of(
            ErrorCode.NOT_LEADER,
            "node " + Long.toHexString(leader) + " leads the partition; nothing was done here");
  }
}
