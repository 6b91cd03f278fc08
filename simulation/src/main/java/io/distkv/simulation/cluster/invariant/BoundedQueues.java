package io.distkv.simulation.cluster.invariant;

/**
 * What a replica has taken in and not applied stays within its bound, whether its group decides or
 * not: beyond it, writes are refused.
 */
final class BoundedQueues implements Invariant {
  /** A write of any size is taken in if nothing else waits; no client of a run has larger ones. */
  private static final long LARGEST_WRITE_BYTES = 128;

  @Override
  public void check(Look look) {
    long most = Math.max(look.mostPendingBytes(), LARGEST_WRITE_BYTES);
    if (look.pendingBytes() > most) {
      throw violated(look, look.pendingBytes() + " bytes of writes wait, not " + most);
    }
  }
}
