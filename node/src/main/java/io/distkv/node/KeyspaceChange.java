package io.distkv.node;

import io.distkv.node.command.Reply;
import java.util.function.Consumer;

/** One change of a node's keyspaces, from the look whether it may be to its end. On lane 0. */
@FunctionalInterface
interface KeyspaceChange {

  /** Runs it; {@code done} is told its reply, now or later, on lane 0. */
  void run(Consumer<Reply> done);
}
