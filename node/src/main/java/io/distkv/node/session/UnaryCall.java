package io.distkv.node.session;

/** A request that stands for itself: see {@link UnaryCalls}. On its lane only. */
public interface UnaryCall {

  /**
   * Nobody wants the reply any more: what has not begun is not done, and what is in the log goes
   * on. Without effect once the reply was given.
   */
  void cancel();
}
