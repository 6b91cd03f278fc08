package io.distkv.node;

import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.keyspace.KeyspaceWish;
import io.distkv.node.replica.Placement;
import io.distkv.node.session.SizeLimits;
import io.distkv.raft.RaftOptions;
import io.distkv.storage.tree.TreeOptions;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How big a node may grow and how it behaves; every size in bytes, every time in nanoseconds.
 *
 * @param keyspaces what the configuration names; a folder may hold more, which go on as they were
 * @param named which settings of those keyspaces the configuration names, by keyspace: what it does
 *     not name stays as it was changed last; where a keyspace is missing, it names them all
 * @param blockCacheBytes blocks of tables kept in memory, over all replicas
 * @param openTables files of tables open at a time, over all replicas
 * @param memtableBytes writes not yet in tables, over all replicas
 * @param journalBytes of one lane's journal, beyond which the replicas that hold it back are
 *     flushed
 * @param journalSegmentBytes of one file of a journal
 * @param compactionWorkers flushes and compactions that run at the same time
 * @param backgroundBytesPerSecond written and read by compactions; 0 for no limit
 * @param diskReserveBytes when less than this is usable, writes that may grow the data are refused
 * @param pendingBytesPerReplica writes proposed and not yet applied, beyond which new ones are
 *     refused
 * @param answersInARow how many writes a replica answers before the answers so far are sent
 * @param sizeLimits of keys, values and batches in requests
 * @param requestDeadlineNanos after which a request is answered with a timeout
 * @param admittedWaitNanos how long a write may wait, about, behind others before further ones are
 *     refused; 0 if none ever is
 * @param tree what every replica's tree starts from; history and compression come from its keyspace
 * @param placement who the first members of a partition's group are
 * @param raft how groups behave, but for {@link #groups}
 */
public record NodeOptions(
    List<KeyspaceOptions> keyspaces,
    SortedMap<String, KeyspaceWish> named,
    long blockCacheBytes,
    int openTables,
    long memtableBytes,
    long journalBytes,
    int journalSegmentBytes,
    int compactionWorkers,
    long backgroundBytesPerSecond,
    long diskReserveBytes,
    long pendingBytesPerReplica,
    int answersInARow,
    SizeLimits sizeLimits,
    long requestDeadlineNanos,
    long admittedWaitNanos,
    TreeOptions tree,
    Placement placement,
    RaftOptions raft) {
  /** As many as gRPC sends in one go: it does after 128 frames, and an answer is three. */
  public static final int ANSWERS_IN_A_ROW = 42;

  private static final long MIB = 1024L * 1024;

  /** Entries weigh more than the writes in them. */
  private static final long UNCOMMITTED_FACTOR = 2;

  private static final long MOST_BYTES = Long.MAX_VALUE / UNCOMMITTED_FACTOR;

  /**
   * @throws IllegalArgumentException naming the option that is out of range
   */
  public NodeOptions {
    keyspaces = List.copyOf(keyspaces);
    named = Collections.unmodifiableSortedMap(new TreeMap<>(named));
    require(!keyspaces.isEmpty(), "keyspaces", 0);
    require(blockCacheBytes >= 0, "blockCacheBytes", blockCacheBytes);
    require(openTables >= 1, "openTables", openTables);
    require(memtableBytes >= 1, "memtableBytes", memtableBytes);
    require(journalBytes >= 1, "journalBytes", journalBytes);
    require(compactionWorkers >= 1, "compactionWorkers", compactionWorkers);
    require(backgroundBytesPerSecond >= 0, "backgroundBytesPerSecond", backgroundBytesPerSecond);
    require(diskReserveBytes >= 0, "diskReserveBytes", diskReserveBytes);
    require(pendingBytesPerReplica >= 1, "pendingBytesPerReplica", pendingBytesPerReplica);
    require(answersInARow >= 1, "answersInARow", answersInARow);
    require(requestDeadlineNanos >= 1, "requestDeadlineNanos", requestDeadlineNanos);
    require(admittedWaitNanos >= 0, "admittedWaitNanos", admittedWaitNanos);
  }

  private static void require(boolean holds, String option, long value) {
    if (!holds) {
      throw new IllegalArgumentException(option + " is out of range: " + value);
    }
  }

  /** How groups behave: what may be uncommitted has room for what a replica may have pending. */
  public RaftOptions groups() {
    long pending = UNCOMMITTED_FACTOR * Math.min(pendingBytesPerReplica, MOST_BYTES);
    return raft.withUncommittedBytes(Math.max(raft.uncommittedBytes(), pending));
  }

  /** What fits a heap of 512 MiB. */
  public static NodeOptions defaults() {
    return new Builder().build();
  }

  /** A builder that begins with these options. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.keyspaces = keyspaces;
    builder.named = named;
    builder.blockCacheBytes = blockCacheBytes;
    builder.openTables = openTables;
    builder.memtableBytes = memtableBytes;
    builder.journalBytes = journalBytes;
    builder.journalSegmentBytes = journalSegmentBytes;
    builder.compactionWorkers = compactionWorkers;
    builder.backgroundBytesPerSecond = backgroundBytesPerSecond;
    builder.diskReserveBytes = diskReserveBytes;
    builder.pendingBytesPerReplica = pendingBytesPerReplica;
    builder.answersInARow = answersInARow;
    builder.sizeLimits = sizeLimits;
    builder.requestDeadlineNanos = requestDeadlineNanos;
    builder.admittedWaitNanos = admittedWaitNanos;
    builder.tree = tree;
    builder.placement = placement;
    builder.raft = raft;
    return builder;
  }

  /** These options with other keyspaces. */
  public NodeOptions withKeyspaces(List<KeyspaceOptions> newKeyspaces) {
    return toBuilder().keyspaces(newKeyspaces).build();
  }

  /** Sets options by name; what is not set is as in {@link #defaults}. */
  public static final class Builder {
    private List<KeyspaceOptions> keyspaces = KeyspaceOptions.defaults();
    private SortedMap<String, KeyspaceWish> named = new TreeMap<>();
    private long blockCacheBytes = 128 * MIB;
    private int openTables = 1_000;
    private long memtableBytes = 96 * MIB;
    private long journalBytes = 512 * MIB;
    private int journalSegmentBytes = (int) (32 * MIB);
    private int compactionWorkers = 1;
    private long backgroundBytesPerSecond = 0;
    private long diskReserveBytes = 256 * MIB;
    private long pendingBytesPerReplica = 64 * MIB;
    private int answersInARow = ANSWERS_IN_A_ROW;
    private SizeLimits sizeLimits = SizeLimits.WIDEST;
    private long requestDeadlineNanos = 10_000_000_000L;
    private long admittedWaitNanos = 200_000_000L;
    private TreeOptions tree = TreeOptions.DEFAULT;
    private Placement placement = Placement.ALONE;
    private RaftOptions raft = RaftOptions.DEFAULT;

    public Builder keyspaces(List<KeyspaceOptions> value) {
      keyspaces = value;
      return this;
    }

    public Builder named(SortedMap<String, KeyspaceWish> value) {
      named = value;
      return this;
    }

    public Builder blockCacheBytes(long value) {
      blockCacheBytes = value;
      return this;
    }

    public Builder openTables(int value) {
      openTables = value;
      return this;
    }

    public Builder memtableBytes(long value) {
      memtableBytes = value;
      return this;
    }

    public Builder journalBytes(long value) {
      journalBytes = value;
      return this;
    }

    public Builder journalSegmentBytes(int value) {
      journalSegmentBytes = value;
      return this;
    }

    public Builder compactionWorkers(int value) {
      compactionWorkers = value;
      return this;
    }

    public Builder backgroundBytesPerSecond(long value) {
      backgroundBytesPerSecond = value;
      return this;
    }

    public Builder diskReserveBytes(long value) {
      diskReserveBytes = value;
      return this;
    }

    public Builder pendingBytesPerReplica(long value) {
      pendingBytesPerReplica = value;
      return this;
    }

    public Builder answersInARow(int value) {
      answersInARow = value;
      return this;
    }

    public Builder sizeLimits(SizeLimits value) {
      sizeLimits = value;
      return this;
    }

    public Builder requestDeadlineNanos(long value) {
      requestDeadlineNanos = value;
      return this;
    }

    public Builder admittedWaitNanos(long value) {
      admittedWaitNanos = value;
      return this;
    }

    public Builder tree(TreeOptions value) {
      tree = value;
      return this;
    }

    public Builder placement(Placement value) {
      placement = value;
      return this;
    }

    public Builder raft(RaftOptions value) {
      raft = value;
      return this;
    }

    /** The options. */
    public NodeOptions build() {
      return new NodeOptions(
          keyspaces,
          named,
          blockCacheBytes,
          openTables,
          memtableBytes,
          journalBytes,
          journalSegmentBytes,
          compactionWorkers,
          backgroundBytesPerSecond,
          diskReserveBytes,
          pendingBytesPerReplica,
          answersInARow,
          sizeLimits,
          requestDeadlineNanos,
          admittedWaitNanos,
          tree,
          placement,
          raft);
    }
  }
}
