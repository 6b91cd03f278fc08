package io.distkv.node.session;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.Answer;
import io.distkv.node.replica.Call;
import io.distkv.node.replica.WriteCall;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Awaits several writes that give the same reply, such as the parts of a FLUSHALL: the outcome is
 * that reply, or a failure if one failed, which says so where others did not. A keyspace that was
 * dropped meanwhile counts as done, unless nothing else is. Used on the session's home lane only.
 */
final class WriteGather implements Answer {
  private final Slot owner;
  private final Consumer<Reply> outcome;
  private final int all;
  private @Nullable Reply first;
  private int awaited;
  private int done;

  /**
   * @param awaited how many writes there will be
   */
  WriteGather(Slot owner, int awaited, Consumer<Reply> outcome) {
    this.owner = owner;
    this.awaited = awaited;
    all = awaited;
    this.outcome = outcome;
  }

  @Override
  public void answered(Call call) {
    owner.gathered(call);
    Reply reply = ((WriteCall) call).reply();
    if (first == null || isGone(first) || (fails(reply) && !fails(first) && !isGone(reply))) {
      first = reply;
    }
    done += fails(reply) && !isGone(reply) ? 0 : 1;
    if (--awaited == 0) {
      Reply.Failure failure = first instanceof Reply.Failure found && !isGone(found) ? found : null;
      outcome.accept(failure != null && done > 0 ? partly(failure) : first);
    }
  }

  private static boolean fails(Reply reply) {
    return reply instanceof Reply.Failure;
  }

  /** Whether the keyspace was dropped meanwhile: nothing is left there of what was to go. */
  private static boolean isGone(Reply reply) {
    return reply instanceof Reply.Failure failure && failure.code() == ErrorCode.NOT_FOUND;
  }

  private Reply.Failure partly(Reply.Failure failure) {
    return Errors.of(
        failure.code(),
        "done in "
            + done
            + " of "
            + all
            + " partitions; in the others it was refused or its outcome is unknown; try again");
  }

  @Override
  public boolean abandoned() {
    return owner.abandoned();
  }

  @Override
  public boolean followed() {
    return owner.followed();
  }
}
