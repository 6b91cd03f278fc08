package io.distkv.simulation.cluster.invariant;

import io.distkv.raft.Position;
import io.distkv.raft.Raft;
import io.distkv.raft.RaftOptions;
import io.distkv.raft.Role;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * A replica as it is after an event.
 *
 * @param node it is on
 * @param life of the node, from 1
 * @param group it belongs to
 * @param raft its part in the group; to be looked at only
 * @param options of the group
 * @param log what its log holds, as far as it was ever seen
 * @param appliedIndex of its state
 * @param flushedIndex of its tables
 * @param pendingBytes of writes that it has taken in and not applied
 * @param mostPendingBytes that it may have
 * @param content of its state
 * @param isCurrent whether that life of the node still goes on
 * @param clockNanos its node's clock, at any time
 */
public record Look(
    long node,
    int life,
    long group,
    Raft raft,
    RaftOptions options,
    ShadowLog log,
    long appliedIndex,
    long flushedIndex,
    long pendingBytes,
    long mostPendingBytes,
    Content content,
    BooleanSupplier isCurrent,
    LongSupplier clockNanos) {

  /** What a replica's state holds. */
  public interface Content {
    /** Whether that can be looked at: nothing must be wrong with the disk. */
    boolean isReadable();

    /** Whether it is so little that it can be looked at often. */
    boolean isSmall();

    /** In one number. */
    long digest();

    /** The version of a key; 0 if it is absent. */
    long versionOf(String key);

    /** In words. */
    String words();
  }

  boolean leads() {
    return raft.role() == Role.LEADER;
  }

  /** Whether it would serve a read now without asking anybody. */
  boolean servesReads() {
    long until = raft.readableUntilNanos();
    return isCurrent.getAsBoolean()
        && (until == Raft.ALWAYS || (until != Raft.NEVER && clockNanos.getAsLong() - until < 0));
  }

  long term() {
    return raft.term();
  }

  Position last() {
    return raft.last();
  }

  long committed() {
    return raft.committed();
  }
}
