package io.distkv.node.session;

import io.distkv.node.command.Reply;
import io.distkv.node.replica.Answer;
import io.distkv.node.replica.Call;
import io.distkv.node.replica.ReadCall;
import io.distkv.node.replica.WriteCall;
import java.util.function.Consumer;

/** Passes on the reply of a single call whose request has more to do with it. */
record CallOutcome(Slot owner, Consumer<Reply> outcome) implements Answer {

  /** The reply that a read or write ended with. */
  static Reply of(Call call) {
    return switch (call) {
      case ReadCall read -> read.reply();
      case WriteCall write -> write.reply();
      default -> throw new IllegalStateException("no call with a reply");
    };
  }

  @Override
  public void answered(Call call) {
    owner.gathered(call);
    outcome.accept(of(call));
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
