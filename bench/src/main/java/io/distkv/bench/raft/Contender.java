package io.distkv.bench.raft;

import java.nio.file.Path;

/**
 * Three replicas of one group in this process, each with a log of its own on the disk, which is
 * synced before an entry counts as stored. Their state machines do nothing.
 */
interface Contender {

  /** Starts the replicas in an empty folder, and returns when one of them leads. */
  void open(Path folder) throws Exception;

  /**
   * Proposes an entry at the leader, without waiting for it.
   *
   * @param payload not to be changed
   * @param proposal told when it is committed and applied at the leader, from any thread
   */
  void propose(byte[] payload, Proposal proposal);

  /** Stops the replicas, and gives all files up. */
  void close() throws Exception;

  /** Somebody who waits for an entry to be committed. Exactly one of the two is called, once. */
  interface Proposal {

    void committed();

    void failed(String why);
  }
}
