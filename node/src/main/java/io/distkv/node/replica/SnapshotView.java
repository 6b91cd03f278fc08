package io.distkv.node.replica;

import io.distkv.node.command.KeyCursor;
import io.distkv.node.command.Value;
import io.distkv.node.command.View;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.keyspace.Slots;
import io.distkv.storage.table.Lookup;
import io.distkv.storage.tree.KeyRange;
import io.distkv.storage.tree.Snapshot;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some or all partitions of a keyspace at the moments their snapshots were taken, disk included.
 * Made on a lane, used on a worker, closed there.
 */
public final class SnapshotView implements View, AutoCloseable {
  private final KeyspaceOptions keyspace;
  private final @Nullable Snapshot[] snapshots;
  private final long[] nowMillis;
  private final long seed;
  private final Lookup lookup = new Lookup();

  /**
   * A view without any partition yet.
   *
   * @param keyspace that the view is of
   */
  public SnapshotView(KeyspaceOptions keyspace, long seed) {
    this.keyspace = keyspace;
    this.snapshots = new Snapshot[keyspace.partitions()];
    this.nowMillis = new long[keyspace.partitions()];
    this.seed = seed;
  }

  /**
   * Adds a partition, whose snapshot belongs to this view from here on.
   *
   * @param now the replica's time, in milliseconds, which decides what of it has expired. Replicas
   *     differ in it while the wall clock is behind their newest writes
   */
  public SnapshotView with(int partition, Snapshot snapshot, long now) {
    snapshots[partition] = snapshot;
    nowMillis[partition] = now;
    return this;
  }

  @Override
  public @Nullable Value get(byte[] key) {
    try {
      int partition = Slots.partitionOf(key, snapshots.length);
      return switch (snapshot(partition).get(key, lookup)) {
        case FOUND -> Values.live(lookup, nowMillis[partition]);
        case ABSENT -> null;
        case COLD -> throw new IllegalStateException("a snapshot reads the disk where it must");
      };
    } catch (IOException e) {
      throw new ReadFailedException(e);
    }
  }

  /** The newest version that the view has of a partition. */
  long asOf(int partition) {
    return snapshot(partition).asOf();
  }

  private Snapshot snapshot(int partition) {
    Snapshot snapshot = snapshots[partition];
    if (snapshot == null) {
      throw new IllegalStateException("partition " + partition + " is not in the view");
    }
    return snapshot;
  }

  @Override
  public long nowMillis() {
    return Arrays.stream(nowMillis).max().orElseThrow();
  }

  @Override
  public int keyspace() {
    return keyspace.number();
  }

  @Override
  public int partitions() {
    return keyspace.partitions();
  }

  @Override
  public KeyCursor keys(int partition) {
    return liveKeys(partition);
  }

  private LiveKeys liveKeys(int partition) {
    return new LiveKeys(snapshot(partition).cursor(KeyRange.ALL), nowMillis[partition]);
  }

  @Override
  public long count() {
    long count = 0;
    for (int partition = 0; partition < snapshots.length; partition++) {
      count += liveKeys(partition).count();
    }
    return count;
  }

  @Override
  public long seed() {
    return seed;
  }

  @Override
  public void close() {
    for (Snapshot snapshot : snapshots) {
      if (snapshot != null) {
        snapshot.close();
      }
    }
  }
}
