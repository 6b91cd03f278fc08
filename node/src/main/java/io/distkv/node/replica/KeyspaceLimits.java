package io.distkv.node.replica;

import io.distkv.base.Clock;
import io.distkv.node.keyspace.CatalogEntry;
import java.util.SortedMap;
import java.util.TreeMap;

/** The limits of a node's keyspaces. Any thread. */
public final class KeyspaceLimits {
  private final Clock clock;

  /** By the incarnation of the keyspace: its number may be given again. */
  private final SortedMap<Long, KeyspaceLimit> limits = new TreeMap<>();

  public KeyspaceLimits(Clock clock) {
    this.clock = clock;
  }

  /** The limit that all replicas of a keyspace share. */
  public synchronized KeyspaceLimit of(CatalogEntry keyspace) {
    return limits.computeIfAbsent(
        keyspace.incarnation(), _ -> new KeyspaceLimit(keyspace.options(), clock));
  }

  /** The keyspace is no more. */
  public synchronized void forget(CatalogEntry keyspace) {
    limits.remove(keyspace.incarnation());
  }
}
