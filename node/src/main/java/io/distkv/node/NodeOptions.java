package io.distkv.node;

import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.storage.tree.TreeOptions;
import java.util.List;

/**
 * How big a node may grow and how it behaves; every size in bytes, every time in nanoseconds.
 *
 * @param keyspaces what the configuration names; a folder may hold more, which go on as they were
 * @param blockCacheBytes blocks of tables kept in memory, over all replicas
 * @param memtableBytes writes not yet in tables, over all replicas
 * @param journalBytes of one lane's journal, beyond which the replicas that hold it back are
 *     flushed
 * @param journalSegmentBytes of one file of a journal
 * @param compactionWorkers flushes and compactions that run at the same time
 * @param backgroundBytesPerSecond written and read by compactions; 0 for no limit
 * @param diskReserveBytes when less than this is usable, writes that may grow the data are refused
 * @param pendingBytesPerReplica writes proposed and not yet applied, beyond which new ones are
 *     refused
 * @param requestDeadlineNanos after which a request is answered with a timeout
 * @param tree what every replica's tree starts from; history and compression come from its keyspace
 */
public record NodeOptions(
    List<KeyspaceOptions> keyspaces,
    long blockCacheBytes,
    long memtableBytes,
    long journalBytes,
    int journalSegmentBytes,
    int compactionWorkers,
    long backgroundBytesPerSecond,
    long diskReserveBytes,
    long pendingBytesPerReplica,
    long requestDeadlineNanos,
    TreeOptions tree) {
  private static final long MIB = 1024L * 1024;

  public NodeOptions {
    keyspaces = List.copyOf(keyspaces);
  }

  /** Fits a heap of 512 MiB. */
  public static NodeOptions defaults() {
    return new NodeOptions(
        KeyspaceOptions.defaults(),
        128 * MIB,
        96 * MIB,
        512 * MIB,
        (int) (32 * MIB),
        1,
        0,
        256 * MIB,
        64 * MIB,
        10_000_000_000L,
        TreeOptions.DEFAULT);
  }

  public NodeOptions withKeyspaces(List<KeyspaceOptions> newKeyspaces) {
    return new NodeOptions(
        newKeyspaces,
        blockCacheBytes,
        memtableBytes,
        journalBytes,
        journalSegmentBytes,
        compactionWorkers,
        backgroundBytesPerSecond,
        diskReserveBytes,
        pendingBytesPerReplica,
        requestDeadlineNanos,
        tree);
  }
}
