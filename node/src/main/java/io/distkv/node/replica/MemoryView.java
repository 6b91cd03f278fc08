package io.distkv.node.replica;

import io.distkv.base.HybridClock;
import io.distkv.base.Version;
import io.distkv.node.command.KeyCursor;
import io.distkv.node.command.Value;
import io.distkv.node.command.View;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.storage.table.Lookup;
import io.distkv.storage.tree.Tree;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A replica as its lane can see it without the disk. A key that only the disk knows ends the
 * command with {@link ColdReadException}.
 *
 * <p>One instance serves all commands of a replica, one after another; {@link #begin} comes first.
 */
final class MemoryView implements View {
  private final Tree tree;
  private final HybridClock clock;
  private final ReplicaCounters counters;
  private final KeyspaceOptions keyspace;
  private final Lookup lookup = new Lookup();
  private long nowMillis;

  MemoryView(Tree tree, HybridClock clock, ReplicaCounters counters, KeyspaceOptions keyspace) {
    this.tree = tree;
    this.clock = clock;
    this.counters = counters;
    this.keyspace = keyspace;
  }

  /** Starts a command: the clock is read again, if the command asks for it. */
  MemoryView begin() {
    nowMillis = 0;
    return this;
  }

  @Override
  public @Nullable Value get(byte[] key) {
    return switch (peek(key)) {
      case FOUND -> {
        Value value = Values.live(lookup, this);
        counters.looked(value != null);
        yield value;
      }
      case ABSENT -> {
        counters.looked(false);
        yield null;
      }
      case COLD -> throw ColdReadException.INSTANCE;
    };
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
    lookup.setTombstone(Version.NONE);
    return peek(key) == Lookup.Outcome.COLD ? Version.NONE : lookup.version();
  }

  private Lookup.Outcome peek(byte[] key) {
    try {
      return tree.peek(key, Version.LATEST, lookup);
    } catch (IOException e) {
      throw new ReadFailedException(e);
    }
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
}
