package io.distkv.client;

import java.util.Objects;

/**
 * A keyspace that there is.
 *
 * @param name its name
 * @param number the number by which Redis clients select it
 */
public record KeyspaceName(String name, int number) {

  /** The name may not be null. */
  public KeyspaceName {
    Objects.requireNonNull(name, "name");
  }
}
