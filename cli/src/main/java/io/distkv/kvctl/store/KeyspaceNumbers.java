package io.distkv.kvctl.store;

import io.distkv.client.DistKv;
import io.distkv.client.DistKvException;
import io.distkv.client.KeyspaceName;
import io.distkv.kvctl.ExitCode;
import io.distkv.kvctl.Failure;
import io.distkv.kvctl.wire.Target;

/** Finds keyspaces by their numbers, which only the protocol of Redis knows. */
public final class KeyspaceNumbers {
  private KeyspaceNumbers() {}

  /** The target by its keyspace's name, which a node is asked for if it is given by number. */
  public static Target named(DistKv client, Target target) {
    if (!target.keyspace().matches("[0-9]+")) {
      return target;
    }
    try {
      return client.keyspaces().list().stream()
          .filter(each -> Integer.toString(each.number()).equals(target.keyspace()))
          .findFirst()
          .map(KeyspaceName::name)
          .map(name -> new Target(target.address(), name, target.timeout()))
          .orElseThrow(() ->
              new Failure(
                  ExitCode.SERVER,
                  "no keyspace has the number %s at %s; `kvctl keyspace list` lists those it has"
                      .formatted(target.keyspace(), target.address())));
    } catch (DistKvException e) {
      throw ClientFailures.failure("keyspaces", target, e);
    }
  }
}
