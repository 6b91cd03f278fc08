package io.distkv.client;

import java.util.List;
import java.util.Objects;

/**
 * What a keyspace is like, and about how much it holds.
 *
 * @param name its name
 * @param number the number by which Redis clients select it
 * @param partitions into how many parts it is split
 * @param settings what is set of it; all is
 * @param replication how it is replicated, such as raft
 * @param storage where it is kept, such as disk
 * @param sizes how much it holds
 * @param partitionSizes how much each partition holds, by number
 */
public record KeyspaceDescription(
    String name,
    int number,
    int partitions,
    KeyspaceSettings settings,
    String replication,
    String storage,
    Sizes sizes,
    List<PartitionSize> partitionSizes) {

  /** Nothing may be null; keeps a copy of the list. */
  public KeyspaceDescription {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(sizes, "sizes");
    partitionSizes = List.copyOf(partitionSizes);
  }

  /**
   * How much a keyspace holds.
   *
   * @param keys a bound from above: a key that was written several times may count as several
   * @param bytes of tables and memtables
   * @param tableBytes of tables
   * @param memtableBytes of memtables
   */
  public record Sizes(long keys, long bytes, long tableBytes, long memtableBytes) {}

  /**
   * How much a partition holds.
   *
   * @param partition its number, from 0 on
   * @param keys a bound from above: a key that was written several times may count as several
   * @param bytes of tables and memtables
   */
  public record PartitionSize(int partition, long keys, long bytes) {}
}
