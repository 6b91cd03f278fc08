package io.distkv.node.session;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import org.jspecify.annotations.Nullable;

/** Whether the node serves, and what clients are told while it does not. Any thread. */
public final class Availability {
  private static final Reply.Failure STOPPING =
      Errors.of(ErrorCode.OVERLOADED, "the node is stopping; nothing was done");
  private static final Reply.Failure FAILED =
      Errors.of(
          ErrorCode.INTERNAL, "the node has stopped because its disk failed; nothing was done");

  private volatile Reply.@Nullable Failure refusal;

  /** The answer to commands that touch data; null if the node serves them. */
  public Reply.@Nullable Failure refusal() {
    return refusal;
  }

  public void stopping() {
    refusal = STOPPING;
  }

  public void failed() {
    refusal = FAILED;
  }
}
