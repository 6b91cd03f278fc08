package io.distkv.node.replica;

import io.distkv.base.HybridClock;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.storage.table.Lookup;
import io.distkv.storage.tree.Snapshot;
import java.io.IOException;

/**
 * A replica as a lane that is not its own can see it: what was published when the snapshot was
 * taken. Serves one command.
 */
final class InPlaceView extends WarmView implements AutoCloseable {
  private final Snapshot snapshot;
  private long hits;
  private long misses;

  /**
   * @param snapshot belongs to this view from here on
   */
  InPlaceView(Snapshot snapshot, HybridClock clock, KeyspaceOptions keyspace) {
    super(clock, keyspace);
    this.snapshot = snapshot;
  }

  @Override
  Lookup.Outcome peek(byte[] key, Lookup into) throws IOException {
    return snapshot.peek(key, into);
  }

  @Override
  void looked(boolean found) {
    hits += found ? 1 : 0;
    misses += found ? 0 : 1;
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
  public void close() {
    snapshot.close();
  }
}
