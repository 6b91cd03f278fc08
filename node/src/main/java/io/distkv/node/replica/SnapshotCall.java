package io.distkv.node.replica;

import io.distkv.base.Version;
import io.distkv.storage.tree.Snapshot;
import org.jspecify.annotations.Nullable;

/** Takes a snapshot of one replica, for a read that spans several; it becomes the caller's. */
public final class SnapshotCall extends Call {
  private final long asOf;
  private @Nullable Snapshot snapshot;
  private long nowMillis;

  /**
   * @param asOf version to show; {@link Version#LATEST} for what is applied when its turn comes
   */
  public SnapshotCall(Conversation conversation, Answer answer, long asOf) {
    super(conversation, answer);
    this.asOf = asOf;
  }

  @Override
  long askedVersion() {
    return asOf;
  }

  void taken(Snapshot newSnapshot, long now) {
    snapshot = newSnapshot;
    nowMillis = now;
  }

  /** Number of the replica's keyspace. */
  public int keyspace() {
    return conversation().replica().identity().keyspace().options().number();
  }

  /** The replica's number within its keyspace. */
  public int partition() {
    return conversation().replica().partition();
  }

  /** The snapshot, to be closed by the caller; null if the call failed. */
  public @Nullable Snapshot snapshot() {
    return snapshot;
  }

  /** The replica's time when the snapshot was taken. */
  public long nowMillis() {
    return nowMillis;
  }
}
