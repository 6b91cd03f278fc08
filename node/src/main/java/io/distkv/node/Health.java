package io.distkv.node;

/** What a node is doing, as far as a client can tell. */
public enum Health {
  /** Reads its folder and replays its journals; serves nobody. */
  STARTING,
  READY,
  /** Finishes what was begun; takes nothing new. */
  STOPPING,
  STOPPED,
  /** Could not start, or lost the trust in its disk; serves nobody until a new start. */
  FAILED
}
