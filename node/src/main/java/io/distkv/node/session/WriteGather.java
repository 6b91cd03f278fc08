package io.distkv.node.session;

import io.distkv.node.command.Reply;
import io.distkv.node.replica.Answer;
import io.distkv.node.replica.Call;
import io.distkv.node.replica.WriteCall;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Awaits several writes that give the same reply, such as the parts of a FLUSHALL: the outcome is
 * the first failure, or else that reply. Used on the session's home lane only.
 */
final class WriteGather implements Answer {
  private final Slot owner;
  private final Consumer<Reply> outcome;
  private @Nullable Reply first;
  private int awaited;

  /**
   * @param awaited how many writes there will be
   */
  WriteGather(Slot owner, int awaited, Consumer<Reply> outcome) {
    this.owner = owner;
    this.awaited = awaited;
    this.outcome = outcome;
  }

  @Override
  public void answered(Call call) {
    Reply reply = ((WriteCall) call).reply();
    if (first == null || (reply instanceof Reply.Failure && !(first instanceof Reply.Failure))) {
      first = reply;
    }
    if (--awaited == 0) {
      outcome.accept(first);
    }
  }

  @Override
  public boolean abandoned() {
    return owner.abandoned();
  }
}
