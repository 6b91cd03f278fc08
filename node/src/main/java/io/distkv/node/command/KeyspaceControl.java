package io.distkv.node.command;

import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.keyspace.KeyspaceWish;
import java.util.List;
import java.util.function.Consumer;

/**
 * What KEYSPACE may see and do of the node's keyspaces. Called on a session's lane; every {@code
 * done} is called there too, now or later.
 */
public interface KeyspaceControl {

  /** All of them, by their numbers. */
  List<KeyspaceOptions> all();

  /** Answers what a keyspace is and holds. */
  void describe(String name, Consumer<Reply> done);

  /** Makes a keyspace, and answers its description. */
  void create(String name, KeyspaceWish wish, Consumer<Reply> done);

  /** Gives a keyspace other options, and answers its description. */
  void alter(String name, KeyspaceWish wish, Consumer<Reply> done);

  /** Takes a keyspace away with all that it holds. */
  void drop(String name, Consumer<Reply> done);
}
