package io.distkv.node.replica;

import io.distkv.base.Version;
import io.distkv.node.command.Reply;
import io.distkv.node.command.View;
import org.jspecify.annotations.Nullable;

/** A read of one replica: a pure function of a view of it. */
public final class ReadCall extends Call {
  private final Function function;
  private final boolean unbounded;
  private final long asOf;
  private @Nullable Reply reply;

  /**
   * @param unbounded whether it may touch any amount of data, and so never runs on a lane
   * @param asOf version to look at; {@link Version#LATEST} for what is applied when its turn comes
   */
  public ReadCall(
      Conversation conversation, Answer answer, Function function, boolean unbounded, long asOf) {
    super(conversation, answer);
    this.function = function;
    this.unbounded = unbounded;
    this.asOf = asOf;
  }

  /** What to do with a view; may be run more than once, on any thread. */
  @FunctionalInterface
  public interface Function {
    Reply run(View view);
  }

  boolean unbounded() {
    return unbounded;
  }

  @Override
  long askedVersion() {
    return asOf;
  }

  void run(View view) {
    reply = function.run(view);
  }

  /** The outcome: the answer or why there is none. */
  public Reply reply() {
    Reply.Failure failure = failure();
    if (failure != null) {
      return failure;
    }
    if (reply == null) {
      throw new IllegalStateException("the read has not run");
    }
    return reply;
  }
}
