package io.distkv.node.session;

/**
 * Follows one request on its way through the node. Such a request's stages are timed to the
 * nanosecond; those of others as of the turns of the lanes, which cost no look at the clock each.
 */
@FunctionalInterface
public interface Follower {

  /** The request has its reply, which leaves now. Once, on the session's home lane. */
  void passed(Passage passage);
}
