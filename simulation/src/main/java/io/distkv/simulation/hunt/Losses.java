package io.distkv.simulation.hunt;

/** What has happened to the node since its content was last compared, and what that may cost. */
final class Losses {
  private boolean stopped;
  private boolean powerLost;
  private boolean mayHaveRefused;
  private long endNanos = Long.MAX_VALUE;

  /** It was told to stop and did: all it acknowledged is safe. */
  void stopped() {
    stopped = true;
  }

  /** The process that made the last writes ended at this time. */
  void ended(long nanos) {
    endNanos = Math.min(endNanos, nanos);
  }

  void powerCut() {
    powerLost = true;
  }

  /** It may have refused requests whose answers never came. */
  void mayHaveRefused() {
    mayHaveRefused = true;
  }

  /** Whether a step without an answer may have been refused although later ones were not. */
  boolean refusalsPossible() {
    return mayHaveRefused;
  }

  /** Whether anything that was there when the node ended may be gone. */
  boolean any() {
    return powerLost && !stopped;
  }

  /** The content was compared: a new account begins. */
  void settled() {
    stopped = false;
    powerLost = false;
    mayHaveRefused = false;
    endNanos = Long.MAX_VALUE;
  }

  /** Whether a step had to survive all that happened. */
  boolean hadToSurvive(Step step) {
    return step.state() == Step.State.ACKNOWLEDGED
        && (!powerLost || stopped || step.safeAfterNanos() <= endNanos);
  }
}
