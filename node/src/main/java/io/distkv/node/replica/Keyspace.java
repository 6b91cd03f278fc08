package io.distkv.node.replica;

import io.distkv.node.keyspace.CatalogEntry;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.keyspace.Slots;
import java.util.List;

/**
 * A keyspace that is served: what the catalog has of it and the replica of each of its partitions,
 * in order. Immutable; any lane.
 */
public record Keyspace(CatalogEntry entry, List<Replica> replicas) {
  public Keyspace {
    replicas = List.copyOf(replicas);
  }

  public KeyspaceOptions options() {
    return entry.options();
  }

  public int number() {
    return options().number();
  }

  public String name() {
    return options().name();
  }

  public int partitions() {
    return replicas.size();
  }

  /** The partition that a key belongs to. */
  public int partitionOf(byte[] key) {
    return Slots.partitionOf(key, replicas.size());
  }

  /** The replica of a partition. */
  public Replica replica(int partition) {
    return replicas.get(partition);
  }

  /** Whether another is the same keyspace, perhaps with other options. */
  boolean isSameAs(Keyspace other) {
    return entry.incarnation() == other.entry.incarnation();
  }
}
