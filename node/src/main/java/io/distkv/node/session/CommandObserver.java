package io.distkv.node.session;

import io.distkv.node.command.CommandSpec;

/** Told of every command that a lane's sessions have finished. On that lane only. */
@FunctionalInterface
public interface CommandObserver {

  /**
   * A command has its reply.
   *
   * @param nanos from its submission to its reply; 0 if it took no more than a part of one turn
   * @param failed whether the reply is an error
   */
  void completed(CommandSpec spec, long nanos, boolean failed);

  /** A command that takes longer than so many nanoseconds is slow. */
  default long slowNanos() {
    return Long.MAX_VALUE;
  }

  /** A slow command has its reply; told beside {@link #completed}. */
  default void slow(Passage passage) {}
}
