package io.distkv.simulation.hunt;

/** How one life of the node ends. */
enum Ending {
  /** The power goes at an I/O step. */
  POWER_CUT,
  /** The process is killed between two tasks; the machine stays up. */
  KILL,
  /** The process is killed at an I/O step; the machine stays up. */
  KILL_AT_STEP,
  /** It is told to stop, and does. */
  STOP,
  /** A sync of the journal fails: the node stops by itself, then the power goes or not. */
  SYNC_FAILURE;

  /** Its name among the ways that a hunt counts. */
  String way() {
    return "ending " + this;
  }

  boolean isAtStep() {
    return this == POWER_CUT || this == KILL_AT_STEP;
  }
}
