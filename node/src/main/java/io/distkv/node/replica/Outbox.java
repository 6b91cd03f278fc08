package io.distkv.node.replica;

import io.distkv.raft.Message;

/** Where the replicas of a lane put messages for other nodes. Used on that lane only. */
public interface Outbox {

  /**
   * Sends a message at the end of the lane's turn, together with all others to the same node. It
   * may be lost.
   *
   * @param replica id of the sending replica, which the receiving one has, too
   */
  void post(long replica, Message message);
}
