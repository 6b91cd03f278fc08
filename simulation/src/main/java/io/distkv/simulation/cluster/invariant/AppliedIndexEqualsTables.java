package io.distkv.simulation.cluster.invariant;

/**
 * What the tables hold is never ahead of what is applied, and the log goes on where they end:
 * nothing between the two is missing.
 */
final class AppliedIndexEqualsTables implements Invariant {
  @Override
  public void check(Look look) {
    if (look.flushedIndex() > look.appliedIndex()) {
      throw violated(
          look, "tables hold " + look.flushedIndex() + ", applied is " + look.appliedIndex());
    }
    if (look.raft().base().index() > look.appliedIndex()) {
      throw violated(
          look,
          "the log begins behind " + look.raft().base() + ", applied is " + look.appliedIndex());
    }
  }
}
