package io.distkv.node.replica;

import io.distkv.base.Version;
import io.distkv.node.command.KeyCursor;
import io.distkv.node.command.Store;
import io.distkv.node.command.Value;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.storage.table.Lookup;
import io.distkv.storage.tree.Tree;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A replica's tree as the entry being applied sees and changes it. Time is that of the entry's
 * stamp, so that a replay does the same again.
 *
 * <p>Reads go to the disk if they must, on the lane: what an entry reads was brought into memory
 * before it was logged, so that this happens only when a block was dropped in between. Nothing here
 * walks a keyspace: see {@link DetachedReplies}.
 */
final class AppliedStore implements Store {
  private final Tree tree;
  private final KeyspaceOptions keyspace;
  private final ChangeFeed feed;
  private final Lookup lookup = new Lookup();
  private long version;

  AppliedStore(Tree tree, KeyspaceOptions keyspace, ChangeFeed feed) {
    this.tree = tree;
    this.keyspace = keyspace;
    this.feed = feed;
  }

  /** Starts an entry. */
  AppliedStore begin(long stamp) {
    version = stamp;
    return this;
  }

  @Override
  public void put(byte[] key, byte[] value, long expiresAtMillis) {
    tree.put(key, value, expiresAtMillis, version);
    if (feed.isWatched()) {
      feed.note(Change.put(key, value, expiresAtMillis, version));
    }
  }

  @Override
  public void delete(byte[] key) {
    tree.delete(key, version);
    if (feed.isWatched()) {
      feed.note(Change.removed(key, version));
    }
  }

  @Override
  public void clear() {
    tree.clear(version);
    if (feed.isWatched()) {
      feed.noteClear();
    }
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public @Nullable Value get(byte[] key) {
    try {
      return switch (tree.get(key, Version.LATEST, lookup)) {
        case FOUND -> Values.live(lookup, this);
        case ABSENT -> null;
        case COLD -> throw new IllegalStateException("a tree reads the disk where it must");
      };
    } catch (IOException e) {
      throw new ReadFailedException(e);
    }
  }

  @Override
  public long nowMillis() {
    return Version.millis(version);
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
    throw new IllegalStateException("a lane walks no keyspace");
  }

  @Override
  public long count() {
    throw new IllegalStateException("a lane walks no keyspace");
  }

  @Override
  public long seed() {
    return version;
  }
}
