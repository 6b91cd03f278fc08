package io.distkv.node;

import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.CatalogEntry;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.keyspace.KeyspaceWish;
import io.distkv.node.replica.Keyspace;
import java.util.function.Consumer;

/**
 * Gives a keyspace other options: first the catalog, then the replicas, each in a turn of its lane.
 *
 * <p>On lane 0.
 */
final class KeyspaceAlteration implements KeyspaceChange {
  private final LiveKeyspaces keyspaces;
  private final String name;
  private final KeyspaceWish wish;

  KeyspaceAlteration(LiveKeyspaces keyspaces, String name, KeyspaceWish wish) {
    this.keyspaces = keyspaces;
    this.name = name;
    this.wish = wish;
  }

  @Override
  public void run(Consumer<Reply> done) {
    Keyspace before = keyspaces.served().now().named(name);
    if (before == null) {
      done.accept(KeyspaceDescription.notFound(name));
      return;
    }
    KeyspaceOptions options;
    try {
      options = wish.altered(before.options());
    } catch (IllegalArgumentException e) {
      done.accept(Errors.invalid(String.valueOf(e.getMessage())));
      return;
    }
    CatalogEntry entry = new CatalogEntry(options, before.entry().incarnation());
    Keyspace altered = new Keyspace(entry, before.replicas());
    keyspaces.decide(
        keyspaces.catalog().withAltered(options),
        failure -> {
          if (failure == null) {
            alter(altered, done);
          } else {
            done.accept(failure);
          }
        });
  }

  private void alter(Keyspace altered, Consumer<Reply> done) {
    keyspaces.environment().limits().of(altered.entry()).alter(altered.options());
    keyspaces.<Boolean>onLanes(
        altered.entry(),
        (group, own, ended) -> {
          group.changes().alter(own);
          ended.accept(true);
        },
        _ -> {
          keyspaces.serve(keyspaces.served().now().with(altered));
          KeyspaceDescription.ask(keyspaces, altered, done);
        });
  }
}
