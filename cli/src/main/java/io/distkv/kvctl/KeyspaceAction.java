package io.distkv.kvctl;

import io.distkv.client.DistKv;
import io.distkv.client.DistKvException;
import io.distkv.client.ErrorCode;
import io.distkv.client.Keyspaces;
import io.distkv.kvctl.store.ClientFailures;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.ParentCommand;

/** A command under {@code kvctl keyspace}. */
abstract class KeyspaceAction implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init")
  private KeyspaceCommand parent;

  final Kvctl kvctl() {
    return parent.kvctl();
  }

  final Shell shell() {
    return kvctl().shell();
  }

  /** Does what the command is for; ends early with a {@link Failure}. */
  abstract ExitCode act();

  @Override
  public final Integer call() {
    return act().value();
  }

  /** Asks the node. */
  final <T> T ask(String what, Function<Keyspaces, T> call) {
    DistKv client = kvctl().client("keyspace");
    try {
      return call.apply(client.keyspaces());
    } catch (DistKvException e) {
      throw e.code() == ErrorCode.NOT_FOUND
          ? ClientFailures.answered(what, e)
          : ClientFailures.failure(what, kvctl().target(), e);
    }
  }
}
