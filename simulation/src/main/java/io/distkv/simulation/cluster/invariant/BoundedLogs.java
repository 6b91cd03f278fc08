package io.distkv.simulation.cluster.invariant;

import io.distkv.raft.Raft;

/**
 * What a group keeps in memory for members that lag, and what it takes in, stay within bounds.
 *
 * <p>What is applied and durable has a bound of its own, and is counted by itself: the bound on the
 * whole is far above what a run writes.
 */
final class BoundedLogs implements Invariant {
  /** A message may bring that much beyond any bound, and is then worked off. */
  private static final long SLACK_BYTES = 2L * 1024 * 1024;

  @Override
  public void check(Look look) {
    long bytes = look.raft().logBytes();
    long most = look.options().catchUpBytes() + look.options().uncommittedBytes() + SLACK_BYTES;
    if (bytes > most) {
      throw violated(look, bytes + " bytes of log in memory, not " + most);
    }
    long mostDone = look.options().catchUpBytes();
    if (bytes > mostDone && doneBytes(look) > mostDone) {
      throw violated(look, doneBytes(look) + " bytes of applied log in memory, not " + mostDone);
    }
  }

  /** The payloads of the entries in memory that are applied and durable. */
  private static long doneBytes(Look look) {
    Raft raft = look.raft();
    long last = Math.min(look.appliedIndex(), raft.durable());
    long bytes = 0;
    for (long index = raft.base().index() + 1; index <= last; index++) {
      bytes += raft.entry(index).payload().length;
    }
    return bytes;
  }
}
