package io.distkv.node.session;

import io.distkv.node.command.Reply;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request that stands for itself: see {@link UnaryCalls}. On its lane only. */
public final class UnaryCall {
  private final Consumer<Reply> done;
  private @Nullable UnarySession session;

  UnaryCall(UnarySession session, Consumer<Reply> done) {
    this.session = session;
    this.done = done;
  }

  void answer(Reply reply) {
    session = null;
    done.accept(reply);
  }

  /**
   * Nobody wants the reply any more: what has not begun is not done, and what is in the log goes
   * on. Without effect once the reply was given.
   */
  public void cancel() {
    UnarySession serving = session;
    if (serving != null) {
      session = null;
      serving.giveUp();
    }
  }
}
