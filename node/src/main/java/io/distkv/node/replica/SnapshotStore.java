package io.distkv.node.replica;

import io.distkv.base.Version;
import io.distkv.node.command.KeyCursor;
import io.distkv.node.command.Store;
import io.distkv.node.command.Value;
import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One replica just before an entry of its log, with the entry's writes made in memory only: what a
 * transaction that both writes and walks a whole keyspace is run on, on a worker, to learn its
 * replies. Run on the same state with the same stamp as on the lane, it does the same there.
 *
 * <p>Used by one thread at a time.
 */
final class SnapshotStore implements Store, AutoCloseable {
  private final SnapshotView before;
  private final int partition;
  private final long version;

  /** What the entry has written so far; null where it deleted. */
  private final TreeMap<byte[], @Nullable Value> written = new TreeMap<>(Arrays::compareUnsigned);

  private boolean cleared;

  /**
   * @param before as of the entry's stamp; belongs to this store from here on
   * @param partition the only one that the snapshot has
   * @param stamp of the entry
   */
  SnapshotStore(SnapshotView before, int partition, long stamp) {
    this.before = before;
    this.partition = partition;
    this.version = stamp;
  }

  @Override
  public void put(byte[] key, byte[] value, long expiresAtMillis) {
    written.put(key, new Value(value, 0, value.length, version, expiresAtMillis));
  }

  @Override
  public void delete(byte[] key) {
    written.put(key, null);
  }

  @Override
  public void clear() {
    written.clear();
    cleared = true;
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public @Nullable Value get(byte[] key) {
    if (cleared || written.containsKey(key)) {
      return live(written.get(key));
    }
    return before.get(key);
  }

  private @Nullable Value live(@Nullable Value value) {
    return value == null || Value.expired(value.expiresAtMillis(), nowMillis()) ? null : value;
  }

  @Override
  public int keyspace() {
    return before.keyspace();
  }

  @Override
  public long nowMillis() {
    return Version.millis(version);
  }

  @Override
  public int partitions() {
    return before.partitions();
  }

  @Override
  public KeyCursor keys(int ofPartition) {
    return new Keys(before.keys(ofPartition));
  }

  @Override
  public long count() {
    long count = 0;
    try (KeyCursor keys = keys(partition)) {
      for (boolean found = keys.first(); found; found = keys.next()) {
        count++;
      }
    }
    return count;
  }

  @Override
  public long seed() {
    return version;
  }

  @Override
  public void close() {
    before.close();
  }

  /** The live keys of the snapshot and of what was written, in order. */
  private final class Keys implements KeyCursor {
    private static final byte[] SMALLEST = {};

    private final KeyCursor stored;

    /** Where each side stands; null at its end. */
    private byte @Nullable [] storedKey;

    private byte @Nullable [] writtenKey;

    private byte[] key = SMALLEST;
    private boolean forward;

    Keys(KeyCursor stored) {
      this.stored = stored;
    }

    @Override
    public boolean first() {
      return seek(SMALLEST);
    }

    @Override
    public boolean seek(byte[] from) {
      forward = true;
      storedKey = storedOnwards(!cleared && stored.seek(from));
      writtenKey = writtenOnwards(written.ceilingKey(from));
      return choose();
    }

    @Override
    public boolean next() {
      if (!forward) {
        byte[] left = key;
        return seek(left) && (!Arrays.equals(key, left) || next());
      }
      if (storedKey != null && Arrays.equals(storedKey, key)) {
        storedKey = storedOnwards(stored.next());
      } else {
        writtenKey = writtenOnwards(written.higherKey(key));
      }
      return choose();
    }

    @Override
    public boolean last() {
      forward = false;
      storedKey = storedBackwards(!cleared && stored.last());
      writtenKey = writtenBackwards(written.isEmpty() ? null : written.lastKey());
      return choose();
    }

    @Override
    public boolean seekBefore(byte[] bound) {
      forward = false;
      storedKey = storedBackwards(!cleared && stored.seekBefore(bound));
      writtenKey = writtenBackwards(written.lowerKey(bound));
      return choose();
    }

    /** Goes on to a key that was not written since. */
    private byte @Nullable [] storedOnwards(boolean onKey) {
      boolean found = onKey;
      while (found && written.containsKey(stored.key())) {
        found = stored.next();
      }
      return found ? stored.key() : null;
    }

    private byte @Nullable [] storedBackwards(boolean onKey) {
      boolean found = onKey;
      while (found && written.containsKey(stored.key())) {
        found = stored.seekBefore(stored.key());
      }
      return found ? stored.key() : null;
    }

    /** Goes on to a key that was not deleted. */
    private byte @Nullable [] writtenOnwards(byte @Nullable [] from) {
      byte[] at = from;
      while (at != null && live(written.get(at)) == null) {
        at = written.higherKey(at);
      }
      return at;
    }

    private byte @Nullable [] writtenBackwards(byte @Nullable [] from) {
      byte[] at = from;
      while (at != null && live(written.get(at)) == null) {
        at = written.lowerKey(at);
      }
      return at;
    }

    private boolean choose() {
      byte[] one = storedKey;
      byte[] other = writtenKey;
      if (one == null || other == null) {
        byte[] only = one == null ? other : one;
        key = only == null ? SMALLEST : only;
        return only != null;
      }
      boolean oneIsSmaller = Arrays.compareUnsigned(one, other) < 0;
      key = oneIsSmaller == forward ? one : other;
      return true;
    }

    @Override
    public byte[] key() {
      return key;
    }

    @Override
    public void close() {
      stored.close();
    }
  }
}
