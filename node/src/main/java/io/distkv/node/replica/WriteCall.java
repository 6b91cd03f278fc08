package io.distkv.node.replica;

import io.distkv.node.command.Reply;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A write to one replica: one entry of its log. From the moment the replica takes it until it is
 * applied it stands in the replica's queue, in order, and the reads of its session that must see it
 * wait with it.
 */
public final class WriteCall extends Call implements Proposals.Proposal {
  private final Mutation mutation;
  private final long sizeBytes;
  private @Nullable List<Call> followers;
  private @Nullable Reply reply;
  private long term;
  private long index;
  private long stamp;

  public WriteCall(Conversation conversation, Answer answer, Mutation mutation) {
    super(conversation, answer);
    this.mutation = mutation;
    this.sizeBytes = mutation.sizeBytes();
  }

  Mutation mutation() {
    return mutation;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** The term in which it got its place in the log; 0 before. */
  @Override
  public long term() {
    return term;
  }

  /** The place it got in the log; 0 before. */
  @Override
  public long index() {
    return index;
  }

  /** The version it got; 0 before it is in the log. */
  long stamp() {
    return stamp;
  }

  void proposed(long newTerm, long newIndex, long newStamp) {
    term = newTerm;
    index = newIndex;
    stamp = newStamp;
  }

  /** A read of the same session that runs when this write has been applied. */
  void follow(Call read) {
    if (followers == null) {
      followers = new ArrayList<>(2);
    }
    followers.add(read);
  }

  /** The reads that waited, which are the caller's from here on. */
  List<Call> takeFollowers() {
    List<Call> taken = followers == null ? List.of() : followers;
    followers = null;
    return taken;
  }

  void done(Reply outcome) {
    reply = outcome;
  }

  /** The outcome: the answer or why there is none. */
  public Reply reply() {
    Reply.Failure failure = failure();
    if (failure != null) {
      return failure;
    }
    if (reply == null) {
      throw new IllegalStateException("the write has not been applied");
    }
    return reply;
  }
}
