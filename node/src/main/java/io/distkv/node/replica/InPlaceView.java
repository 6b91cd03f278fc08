package io.distkv.node.replica;

import io.distkv.base.HybridClock;
import io.distkv.node.command.KeyCursor;
import io.distkv.node.command.Value;
import io.distkv.node.command.View;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.storage.table.Lookup;
import io.distkv.storage.tree.Snapshot;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A replica as a lane that is not its own can see it without the disk: what was published when the
 * snapshot was taken. A key that only the disk knows ends the read with {@link ColdReadException}.
 */
final class InPlaceView implements View, AutoCloseable {
  private final Snapshot snapshot;
  private final KeyspaceOptions keyspace;
  private final HybridClock clock;
  private final Lookup lookup = new Lookup();
  private long nowMillis;
  private long hits;
  private long misses;

  /**
   * @param snapshot belongs to this view from here on
   * @param clock of the replica
   */
  InPlaceView(Snapshot snapshot, KeyspaceOptions keyspace, HybridClock clock) {
    this.snapshot = snapshot;
    this.keyspace = keyspace;
    this.clock = clock;
  }

  @Override
  public @Nullable Value get(byte[] key) {
    Value value =
        switch (peek(key)) {
          case FOUND -> Values.live(lookup, this);
          case ABSENT -> null;
          case COLD -> throw ColdReadException.INSTANCE;
        };
    hits += value == null ? 0 : 1;
    misses += value == null ? 1 : 0;
    return value;
  }

  private Lookup.Outcome peek(byte[] key) {
    try {
      return snapshot.peek(key, lookup);
    } catch (IOException e) {
      throw new ReadFailedException(e);
    }
  }

  /** Keys found so far. */
  long hits() {
    return hits;
  }

  /** Keys not found so far. */
  long misses() {
    return misses;
  }

  @Override
  public long nowMillis() {
    if (nowMillis == 0) {
      nowMillis = clock.nowMillis();
    }
    return nowMillis;
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
    throw ColdReadException.INSTANCE;
  }

  @Override
  public long count() {
    throw ColdReadException.INSTANCE;
  }

  @Override
  public long seed() {
    throw ColdReadException.INSTANCE;
  }

  @Override
  public void close() {
    snapshot.close();
  }
}
