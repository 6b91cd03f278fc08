package io.distkv.node;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.Keyspace;
import io.distkv.node.replica.Refusals;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a keyspace away with all that it holds: first the catalog, then what is served, then the
 * replicas, their room in the journal, and their files. So a crash leaves either the whole keyspace
 * or, beside a catalog that does not name it, rubbish that a start removes.
 *
 * <p>On lane 0.
 */
final class KeyspaceRemoval implements KeyspaceChange {
  private final LiveKeyspaces keyspaces;
  private final Set<String> configured;
  private final String name;

  /**
   * @param configured the names in the configuration
   */
  KeyspaceRemoval(LiveKeyspaces keyspaces, Set<String> configured, String name) {
    this.keyspaces = keyspaces;
    this.configured = configured;
    this.name = name;
  }

  @Override
  public void run(Consumer<Reply> done) {
    Keyspace dropped = keyspaces.served().now().named(name);
    if (dropped == null) {
      done.accept(KeyspaceDescription.notFound(name));
      return;
    }
    String refusal = refusal(dropped);
    if (refusal != null) {
      done.accept(Errors.of(ErrorCode.INVALID_ARGUMENT, refusal));
      return;
    }
    keyspaces.decide(
        keyspaces.catalog().without(name),
        failure -> {
          if (failure == null) {
            drop(dropped, done);
          } else {
            done.accept(failure);
          }
        });
  }

  private @Nullable String refusal(Keyspace dropped) {
    if (dropped.number() == keyspaces.served().now().first().number()) {
      return "keyspace " + name + " cannot be dropped, since clients begin with it";
    }
    return configured.contains(name)
        ? "keyspace "
            + name
            + " cannot be dropped, since the configuration names it: it would come back empty with"
            + " the next start; take it out there, start again, and then drop it"
        : null;
  }

  private void drop(Keyspace dropped, Consumer<Reply> done) {
    keyspaces.serve(keyspaces.served().now().without(dropped));
    Reply.Failure why = Refusals.dropped(name);
    keyspaces.<Boolean>onLanes(
        dropped.entry(),
        (group, own, ended) -> group.changes().drop(own, why, () -> ended.accept(true)),
        _ -> {
          keyspaces.environment().limits().forget(dropped.entry());
          done.accept(Reply.OK);
        });
  }
}
