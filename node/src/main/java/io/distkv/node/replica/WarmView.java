package io.distkv.node.replica;

import io.distkv.base.HybridClock;
import io.distkv.node.command.KeyCursor;
import io.distkv.node.command.Value;
import io.distkv.node.command.View;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.storage.table.Lookup;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A replica as it can be seen without the disk. What only the disk knows, and what takes more than
 * single keys, ends the command with {@link ColdReadException}.
 */
abstract class WarmView implements View {
  private final HybridClock clock;
  private final KeyspaceOptions keyspace;
  private final Lookup lookup = new Lookup();
  private long nowMillis;

  /**
   * @param clock of the replica
   */
  WarmView(HybridClock clock, KeyspaceOptions keyspace) {
    this.clock = clock;
    this.keyspace = keyspace;
  }

  /** Looks a key up in memory: FOUND, ABSENT or COLD. */
  abstract Lookup.Outcome peek(byte[] key, Lookup into) throws IOException;

  /** Counts a key that a command looked up. */
  abstract void looked(boolean found);

  /** The next command reads the clock again, if it asks for the time. */
  final void forgetTime() {
    nowMillis = 0;
  }

  @Override
  public final @Nullable Value get(byte[] key) {
    return switch (peek(key)) {
      case FOUND -> {
        Value value = Values.live(lookup, this);
        looked(value != null);
        yield value;
      }
      case ABSENT -> {
        looked(false);
        yield null;
      }
      case COLD -> throw ColdReadException.INSTANCE;
    };
  }

  /** What the last {@link #peek(byte[])} found. */
  final Lookup lookup() {
    return lookup;
  }

  final Lookup.Outcome peek(byte[] key) {
    try {
      return peek(key, lookup);
    } catch (IOException e) {
      throw new ReadFailedException(e);
    }
  }

  @Override
  public final long nowMillis() {
    if (nowMillis == 0) {
      nowMillis = clock.nowMillis();
    }
    return nowMillis;
  }

  @Override
  public final int keyspace() {
    return keyspace.number();
  }

  @Override
  public final int partitions() {
    return keyspace.partitions();
  }

  @Override
  public final KeyCursor keys(int partition) {
    throw ColdReadException.INSTANCE;
  }

  @Override
  public final long count() {
    throw ColdReadException.INSTANCE;
  }

  @Override
  public final long seed() {
    throw ColdReadException.INSTANCE;
  }
}
