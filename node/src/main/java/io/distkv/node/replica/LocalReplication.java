package io.distkv.node.replica;

import io.distkv.node.keyspace.Durability;

/**
 * Replication for a replica that has no peers: an entry is committed as soon as the journal of its
 * own lane holds it, durably where the keyspace asks for that, else written to the operating
 * system.
 */
final class LocalReplication implements Replication {
  /** There is never another leader, so the first term lasts for ever. */
  static final long TERM = 1;

  private final JournalLog log;
  private final ReplicaIdentity replica;
  private final Durability durability;
  private final StateMachine machine;
  private final Positions uncommitted = new Positions();
  private long lastIndex;
  private long committedIndex;
  private long lastPosition;
  private boolean waiting;

  LocalReplication(JournalLog log, ReplicaIdentity replica, StateMachine machine) {
    this.log = log;
    this.replica = replica;
    durability = replica.keyspace().options().durability();
    this.machine = machine;
  }

  /** After the replay: the last index that the log holds. */
  void resumeAfter(long index) {
    lastIndex = index;
    committedIndex = index;
  }

  @Override
  public long propose(byte[] payload, int offset, int length) {
    lastPosition = log.append(replica, lastIndex + 1, payload, offset, length, durability);
    lastIndex++;
    uncommitted.add(lastPosition);
    if (!waiting) {
      waiting = true;
      log.await(this);
    }
    return lastIndex;
  }

  @Override
  public boolean hasRoomFor(long bytes) {
    return log.journal().hasRoomFor((int) Math.min(bytes, Integer.MAX_VALUE));
  }

  /**
   * The journal got on.
   *
   * @return whether this replica waits for more
   */
  boolean advanced(long writtenPosition, long durablePosition) {
    int committed =
        uncommitted.removeUpTo(
            durability.mode() == Durability.Mode.COMMIT ? durablePosition : writtenPosition);
    waiting = !uncommitted.isEmpty();
    boolean waitsForMore = waiting;
    if (committed > 0) {
      committedIndex += committed;
      machine.committed(committedIndex);
    }
    return waitsForMore;
  }

  /** Waits for all that was appended: a little more than asked for, but nothing to keep book of. */
  @Override
  public void whenDurable(long index, Runnable then) {
    log.whenDurable(lastPosition, then);
  }
}
