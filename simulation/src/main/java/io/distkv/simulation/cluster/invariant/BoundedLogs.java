package io.distkv.simulation.cluster.invariant;

/** What a group keeps in memory for members that lag, and what it takes in, stay within bounds. */
final class BoundedLogs implements Invariant {
  /** A message may bring that much beyond any bound, and is then worked off. */
  private static final long SLACK_BYTES = 2L * 1024 * 1024;

  @Override
  public void check(Look look) {
    long most = look.options().catchUpBytes() + look.options().uncommittedBytes() + SLACK_BYTES;
    if (look.raft().logBytes() > most) {
      throw violated(look, look.raft().logBytes() + " bytes of log in memory, not " + most);
    }
  }
}
