package io.distkv.node.replica;

import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.keyspace.Slots;
import java.util.List;

/**
 * A keyspace that is served: its options and the replica of each of its partitions, in order.
 * Immutable; any lane.
 */
public record Keyspace(KeyspaceOptions options, List<Replica> replicas) {
  public Keyspace {
    replicas = List.copyOf(replicas);
  }

  public int number() {
    return options.number();
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
}
