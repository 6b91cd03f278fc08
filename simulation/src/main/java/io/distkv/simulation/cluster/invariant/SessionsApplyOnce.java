package io.distkv.simulation.cluster.invariant;

import io.distkv.simulation.world.Violation;

/**
 * A write that is sent again within a client session is applied once (Raft paper, section 8;
 * thesis, section 6.3): whoever adds one to a number that nobody else touches is told each sum in
 * turn.
 *
 * <p>Where a session ends before a write is answered, that write was applied once or not at all.
 */
public final class SessionsApplyOnce {
  private final String client;
  private long least;
  private long most;
  private long lastSum;

  /**
   * @param client in words
   */
  public SessionsApplyOnce(String client) {
    this.client = client;
  }

  /**
   * The next write was answered.
   *
   * @throws Violation if the sum shows that a write was applied twice, or not at all
   */
  public void answered(long sum) {
    if (sum <= least || sum > most + 1) {
      throw violated("is told %d, with %d to %d applied before".formatted(sum, least, most));
    }
    least = sum;
    most = sum;
    lastSum = sum;
  }

  /**
   * The write before was answered once more, by another try.
   *
   * @throws Violation if the answer is another
   */
  public void answeredAgain(long sum) {
    if (sum != lastSum) {
      throw violated("is told %d for what was answered with %d before".formatted(sum, lastSum));
    }
  }

  /** The session has ended, and with it the next write: it was applied once or not at all. */
  public void ended() {
    most++;
  }

  private Violation violated(String how) {
    return new Violation("%s: %s %s".formatted(getClass().getSimpleName(), client, how));
  }
}
