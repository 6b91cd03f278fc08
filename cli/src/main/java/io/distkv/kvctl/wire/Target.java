package io.distkv.kvctl.wire;

import java.time.Duration;

/**
 * What a conversation is about: a node, a keyspace of it, and the patience of the client.
 *
 * @param address where the node listens
 * @param keyspace a keyspace's name or number
 * @param timeout how long to wait for a connection, and for any one reply
 */
public record Target(Address address, String keyspace, Duration timeout) {
  /** The keyspace that every conversation begins in. */
  public static final String DEFAULT_KEYSPACE = "default";

  boolean needsSelect() {
    return !keyspace.equals(DEFAULT_KEYSPACE) && !keyspace.equals("0");
  }
}
