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
   * @return whether it took so long that the observer wants to be told of its way
   */
  boolean completed(CommandSpec spec, long nanos, boolean failed);

  /** Tells of the way of the command that was just completed, where that was wanted. */
  default void slow(Passage passage) {}
}
