package io.distkv.node.replica;

/**
 * Decides what gets into a replica's log, and when it is there for good. It never touches the
 * state: it tells the replica how far the log is committed, and the replica applies it, in order.
 *
 * <p>Used on the replica's lane only.
 */
sealed interface Replication permits LocalReplication {

  /**
   * Puts an entry at the end of the log; whoever lets a write through has asked {@link
   * #hasRoomFor}. {@link StateMachine#committed} follows with this index or a higher one, never
   * before this call has returned.
   *
   * @return its index
   */
  long propose(byte[] payload, int offset, int length);

  /** Whether the log can take an entry of about this size now. */
  boolean hasRoomFor(long bytes);

  /** Runs a task once the log is durable up to an index; at once, in this call, if it is. */
  void whenDurable(long index, Runnable then);

  /** What replication drives. */
  interface StateMachine {

    /** All entries up to an index are in the log for good and can be applied. */
    void committed(long index);
  }
}
