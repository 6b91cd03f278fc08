package io.distkv.node.replica;

import io.distkv.base.Clock;
import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.KeyspaceOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the replicas of one keyspace take on this node together, and how much they may: tables,
 * memtables, and writes under way. Each replica tells its part when that has changed by a grain, so
 * that a write compares one number, however many partitions there are.
 *
 * <p>What is deleted, or expires, takes space until a compaction drops it, and a replica that is
 * refused its writes would never come to one. So while writes are refused, the replicas that could
 * shrink are made to, once a second.
 *
 * <p>Any thread.
 */
public final class KeyspaceLimit {
  /** What a replica need not tell of. */
  static final long GRAIN_BYTES = 4096;

  private static final long RELIEF_NANOS = 1_000_000_000L;

  private final long maxBytes;
  private final Clock clock;
  private final Reply.Failure full;
  private final AtomicLong usedBytes = new AtomicLong();
  private final AtomicLong relievedNanos;
  private final List<Replica> members = new CopyOnWriteArrayList<>();

  /** Nothing is used so far. */
  public KeyspaceLimit(KeyspaceOptions keyspace, Clock clock) {
    this.maxBytes = keyspace.maxBytes();
    this.clock = clock;
    this.relievedNanos = new AtomicLong(clock.monotonicNanos() - RELIEF_NANOS);
    // Redis clients tell by the first word that memory, or what stands for it, is used up.
    this.full =
        Errors.special(
            ErrorCode.DISK_FULL,
            "OOM command not allowed: keyspaces.%s.maxBytes, %d bytes, is used up; only reads and"
                    .formatted(keyspace.name(), maxBytes)
                + " deletes are served until there is room");
  }

  /** Whether there is one. */
  boolean isSet() {
    return maxBytes > 0;
  }

  /** A replica of the keyspace has come up. On its lane. */
  void join(Replica replica) {
    if (isSet()) {
      members.add(replica);
    }
  }

  /** A replica takes so much more, or less where negative. */
  void add(long bytes) {
    usedBytes.addAndGet(bytes);
  }

  boolean hasRoomFor(long bytes) {
    return maxBytes == 0 || usedBytes.get() + bytes <= maxBytes;
  }

  /** A write is refused; gives what it is told. */
  Reply.Failure refuse() {
    long now = clock.monotonicNanos();
    long last = relievedNanos.get();
    if (now - last >= RELIEF_NANOS && relievedNanos.compareAndSet(last, now)) {
      members.forEach(replica -> replica.port().lane().complete(replica::relieve));
    }
    return full;
  }
}
