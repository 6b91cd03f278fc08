package io.distkv.node.replica;

import io.distkv.base.Version;
import io.distkv.node.command.Reply;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a session asks of one replica. Made on the session's home lane, run on the
 * replica's, and handed back to the home lane with its outcome; between them it travels in a batch
 * of a {@link LanePort}. It belongs to one lane at a time, so its fields need no guard.
 */
public abstract sealed class Call permits ReadCall, WriteCall, FetchCall, SnapshotCall {
  private final Conversation conversation;
  private final Answer answer;
  private Reply.@Nullable Failure failure;

  Call(Conversation conversation, Answer answer) {
    this.conversation = conversation;
    this.answer = answer;
  }

  /** The session and replica it is between. */
  final Conversation conversation() {
    return conversation;
  }

  final Answer answer() {
    return answer;
  }

  /** Why there is no outcome; null when there is one. */
  public final Reply.@Nullable Failure failure() {
    return failure;
  }

  /** The version that it asks to see; {@link Version#LATEST} for the newest. */
  long askedVersion() {
    return Version.LATEST;
  }

  final void fail(Reply.Failure why) {
    failure = why;
  }
}
