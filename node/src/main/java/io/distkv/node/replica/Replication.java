package io.distkv.node.replica;

import io.distkv.node.command.Reply;
import org.jspecify.annotations.Nullable;

/**
 * Decides what gets into a replica's log, and when it is there for good. It never touches the
 * state: it tells the replica how far the log is committed, and the replica applies it, in order.
 *
 * <p>Used on the replica's lane only, but for {@link #mayReadNow}.
 */
sealed interface Replication permits RaftReplica {

  /** Why {@link #propose} cannot be called now; null if it can. */
  Reply.@Nullable Failure refusal(long bytes);

  /**
   * Puts an entry at the end of the log; whoever lets a write through has asked {@link #refusal}
   * and {@link #hasRoomFor}. {@link StateMachine#committed} follows with this index or a higher
   * one, never before this call has returned; the entry there may be another by then.
   *
   * @param payload not to be changed afterwards
   * @return its index
   */
  long propose(byte[] payload);

  /** A version for what is proposed next: above those of all entries in the log. */
  long nextStamp();

  /** The term of what is proposed now. */
  long term();

  /** Whether the log can take an entry of about this size now. */
  boolean hasRoomFor(long bytes);

  /** Runs a task once the log is durable up to an index; at once, in this call, if it is. */
  void whenDurable(long index, Runnable then);

  /**
   * Whether a read that has come before this call may be answered from what is applied, without
   * asking anybody. Any thread.
   */
  boolean mayReadNow();

  /** Has a read run as soon as what is applied has all that was acknowledged before this call. */
  void awaitRead(AwaitedRead read);

  /** Whether this server leads, in this term. */
  boolean leads(long term);

  /** What replication drives. */
  interface StateMachine {

    /** The entries up to an index are in the log for good and are to be applied now. */
    void committed(long index);

    /** The last entry that was applied. */
    long appliedIndex();

    /** A read that was awaited may run; or cannot, and is told why. */
    void awaited(AwaitedRead read, Reply.@Nullable Failure why);
  }
}
