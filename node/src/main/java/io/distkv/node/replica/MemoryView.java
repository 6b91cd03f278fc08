package io.distkv.node.replica;

import io.distkv.base.HybridClock;
import io.distkv.base.Version;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.storage.table.Lookup;
import io.distkv.storage.tree.Tree;
import java.io.IOException;

/**
 * A replica as its own lane can see it: all that is applied, the entry being applied included.
 *
 * <p>One instance serves all commands of a replica, one after another; {@link #begin} comes first.
 */
final class MemoryView extends WarmView {
  private final Tree tree;
  private final ReplicaCounters counters;

  MemoryView(Tree tree, HybridClock clock, ReplicaCounters counters, KeyspaceOptions keyspace) {
    super(clock, keyspace);
    this.tree = tree;
    this.counters = counters;
  }

  /** Starts a command. */
  MemoryView begin() {
    forgetTime();
    return this;
  }

  @Override
  Lookup.Outcome peek(byte[] key, Lookup into) throws IOException {
    return tree.peek(key, Version.LATEST, into);
  }

  @Override
  void looked(boolean found) {
    counters.looked(found);
  }

  /** Makes sure that reading the key needs no disk, or leaves by {@link ColdReadException}. */
  void require(byte[] key) {
    if (peek(key) == Lookup.Outcome.COLD) {
      throw ColdReadException.INSTANCE;
    }
  }

  /**
   * The version of the newest trace of a key that memory has: a value, expired or not, or a
   * tombstone; {@link Version#NONE} if there is none.
   */
  long newestVersion(byte[] key) {
    lookup().setTombstone(Version.NONE);
    return peek(key) == Lookup.Outcome.COLD ? Version.NONE : lookup().version();
  }
}
