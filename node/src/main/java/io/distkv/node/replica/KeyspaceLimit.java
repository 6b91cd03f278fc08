package io.distkv.node.replica;

import io.distkv.base.Clock;
import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.KeyspaceOptions;
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

  private final Clock clock;
  private volatile Bound bound;
  private final AtomicLong usedBytes = new AtomicLong();
  private final AtomicLong relievedNanos;
  private final CopyOnWriteArrayList<Replica> members = new CopyOnWriteArrayList<>();

  /**
   * How much it is.
   *
   * @param maxBytes 0 for no limit
   * @param full what is said when it is used up
   */
  private record Bound(long maxBytes, Reply.Failure full) {

    static Bound of(KeyspaceOptions keyspace) {
      // Redis clients tell by the first word that memory, or what stands for it, is used up.
      return new Bound(
          keyspace.maxBytes(),
          Errors.special(
              ErrorCode.DISK_FULL,
              "OOM command not allowed: keyspaces.%s.maxBytes, %d bytes, is used up; only reads and"
                      .formatted(keyspace.name(), keyspace.maxBytes())
                  + " deletes are served until there is room"));
    }
  }

  /** Nothing is used so far. */
  public KeyspaceLimit(KeyspaceOptions keyspace, Clock clock) {
    this.bound = Bound.of(keyspace);
    this.clock = clock;
    this.relievedNanos = new AtomicLong(clock.monotonicNanos() - RELIEF_NANOS);
  }

  /** It is another from here on; each replica is to be told next, so that what it takes counts. */
  public void alter(KeyspaceOptions keyspace) {
    bound = Bound.of(keyspace);
  }

  /** Whether there is one. */
  boolean isSet() {
    return bound.maxBytes() > 0;
  }

  /** A replica of the keyspace has come up, or there is a limit now. On its lane. */
  void join(Replica replica) {
    if (isSet()) {
      members.addIfAbsent(replica);
    }
  }

  /** There is no limit any more. On the replica's lane. */
  void leave(Replica replica) {
    members.remove(replica);
  }

  /** A replica takes so much more, or less where negative. */
  void add(long bytes) {
    usedBytes.addAndGet(bytes);
  }

  boolean hasRoomFor(long bytes) {
    long maxBytes = bound.maxBytes();
    return maxBytes == 0 || usedBytes.get() + bytes <= maxBytes;
  }

  /** A write is refused; gives what it is told. */
  Reply.Failure refuse() {
    long now = clock.monotonicNanos();
    long last = relievedNanos.get();
    if (now - last >= RELIEF_NANOS && relievedNanos.compareAndSet(last, now)) {
      members.forEach(replica -> replica.port().lane().complete(replica::relieve));
    }
    return bound.full();
  }
}
