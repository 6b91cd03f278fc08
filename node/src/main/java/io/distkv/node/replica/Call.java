package io.distkv.node.replica;

import io.distkv.base.Version;
import io.distkv.node.command.Reply;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a session asks of one replica. Made on the session's home lane, run on the
 * replica's, and handed back to the home lane with its outcome; between them it travels in a batch
 * of a {@link LanePort}. It belongs to one lane at a time, so its fields need no guard. On its way
 * it notes when it passed each stage, which tells afterwards where a slow request spent its time.
 */
public abstract sealed class Call permits ReadCall, WriteCall, FetchCall, SnapshotCall {
  private final Conversation conversation;
  private final Answer answer;
  private Reply.@Nullable Failure failure;
  private long arrivedNanos;
  private long begunNanos;
  private long decidedNanos;
  private long endedNanos;

  Call(Conversation conversation, Answer answer) {
    this.conversation = conversation;
    this.answer = answer;
  }

  /** The session and replica it is between. */
  final Conversation conversation() {
    return conversation;
  }

  /** The replica it is for. */
  public final Replica replica() {
    return conversation.replica();
  }

  final Answer answer() {
    return answer;
  }

  /** Why there is no outcome; null when there is one. */
  public final Reply.@Nullable Failure failure() {
    return failure;
  }

  /** When its replica's lane got it, on the node's monotonic clock; 0 before. */
  public final long arrivedNanos() {
    return arrivedNanos;
  }

  /** When a write got its place in the log, or a read first ran; 0 before, and where it did not. */
  public final long begunNanos() {
    return begunNanos;
  }

  /**
   * When the group had decided on a write, or a worker took up a read that memory could not answer;
   * 0 before, and where that did not happen.
   */
  public final long decidedNanos() {
    return decidedNanos;
  }

  /** When it had its outcome; 0 before. */
  public final long endedNanos() {
    return endedNanos;
  }

  final void arrived(long nanos) {
    arrivedNanos = nanos;
  }

  final void begun(long nanos) {
    begunNanos = nanos;
  }

  final void decided(long nanos) {
    decidedNanos = nanos;
  }

  final void ended(long nanos) {
    endedNanos = nanos;
  }

  /** The version that it asks to see; {@link Version#LATEST} for the newest. */
  long askedVersion() {
    return Version.LATEST;
  }

  final void fail(Reply.Failure why) {
    failure = why;
  }
}
