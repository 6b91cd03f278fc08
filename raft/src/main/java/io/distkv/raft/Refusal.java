package io.distkv.raft;

/** Why a group does not take a proposal now. */
public enum Refusal {
  /** This server does not lead: whoever does is to be asked. */
  NOT_LEADER,
  /** The leader is handing over to another. */
  HANDING_OVER,
  /** More is proposed and not committed than memory is meant for. */
  OVERLOADED,
  /** A change of the membership is under way, or the leader does not know yet what is committed. */
  CHANGING
}
