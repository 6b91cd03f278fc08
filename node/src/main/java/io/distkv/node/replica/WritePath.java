package io.distkv.node.replica;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.Durability;
import io.distkv.node.replica.ReplicaCounters.Counter;
import io.distkv.raft.PartialSnapshot;
import io.distkv.raft.Restored;
import io.distkv.storage.tree.Tree;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of a write through a replica up to the log: admitted, its keys warmed, paced, stamped and
 * proposed; and what is left of it once it is over. Between the two it is the {@link Applier}'s.
 *
 * <p>Invariants: stamps rise with indexes; a write is answered once, and after that its session's
 * waiting reads run.
 *
 * <p>Used on the replica's lane only.
 */
final class WritePath {
  static final Reply.Failure BUSY =
      Errors.of(ErrorCode.OVERLOADED, "too many requests wait; nothing was done; try again later");
  static final Reply.Failure LOST =
      Errors.of(
          ErrorCode.INTERNAL,
          "the node has stopped because its disk failed; the write may have happened");
  static final Reply.Failure NO_ROOM =
      Errors.of(
          ErrorCode.INTERNAL,
          "the node has stopped while its disk was full; the write may have happened");
  static final Reply.Failure UNDECIDED =
      Errors.of(
          ErrorCode.TIMEOUT,
          "this node takes no further part in the partition's group, which had not decided; the"
              + " write may happen yet");
  static final Reply.Failure DEFECT =
      Errors.of(ErrorCode.INTERNAL, "a defect of the node; its log has the details");
  private static final Reply.Failure UNKNOWN =
      Errors.of(
          ErrorCode.TIMEOUT,
          "the node lost the lead of the partition and its log was replaced; a write may have"
              + " happened");
  private static final Reply.Failure DISK_FULL =
      Errors.of(
          ErrorCode.DISK_FULL,
          "the disk is nearly full: only reads and deletes are served until there is room");

  private final Replica replica;
  private final ReplicaEnvironment environment;
  private final ReplicaCounters counters;
  private final Tree tree;
  private final Applier applier;
  private final RaftReplica replication;
  private final IncomingSnapshot incoming;
  private final Pace pace;
  private final KeyspaceLimit limit;
  private long pendingBytes;
  private long toldBytes;
  private int warmings;
  private Reply.@Nullable Failure refused;

  WritePath(Replica replica, ReplicaGroup group, Tree tree) {
    this.replica = replica;
    this.tree = tree;
    environment = group.environment();
    counters = group.counters();
    ReplicaIdentity identity = replica.identity();
    limit = environment.limits().of(identity.keyspace());
    applier = new Applier(replica, group, tree, this);
    SnapshotWork work = new SnapshotWork(replica, group);
    incoming = new IncomingSnapshot(replica, group, tree, work);
    replication =
        new RaftReplica(
            group, identity, applier, new OutgoingSnapshots(replica, group, tree, work), incoming);
    pace =
        new Pace(
            group.port().lane(), environment.clock(), tree, replication, counters, this::append);
  }

  RaftReplica replication() {
    return replication;
  }

  Applier applier() {
    return applier;
  }

  /**
   * Whether the node has given up on its disk, or on room there, or on the keyspace: nothing is
   * taken any more.
   */
  boolean lost() {
    return refused != null;
  }

  /** What is said to whatever comes once it is {@link #lost}. */
  Reply.Failure whyLost() {
    return refused == null ? LOST : refused;
  }

  /** Bytes of the writes that are under way. */
  long pendingBytes() {
    return pendingBytes;
  }

  /** Whether nothing is under way. */
  boolean idle() {
    return lost() || (applier.isIdle() && pace.isEmpty() && warmings == 0);
  }

  /** Tells the keyspace how much this replica takes, what is under way included. */
  void tellSize() {
    if (limit.isSet()) {
      long bytes = tree.sizeBytes() + pendingBytes;
      if (Math.abs(bytes - toldBytes) >= KeyspaceLimit.GRAIN_BYTES) {
        limit.add(bytes - toldBytes);
        toldBytes = bytes;
      }
    }
  }

  /** Takes a write whose turn it is in its conversation. */
  void admit(WriteCall write) {
    Reply.Failure refusal = refusal(write);
    if (refusal != null) {
      replica.refuse(write, refusal);
      return;
    }
    pendingBytes += write.sizeBytes();
    tellSize();
    try {
      write.mutation().readAhead(replica.memory()::require);
    } catch (ColdReadException e) {
      warm(write);
      return;
    } catch (ReadFailedException e) {
      noLongerPending(write);
      replica.refuse(write, e.failure(environment.faults()));
      return;
    }
    propose(write);
  }

  private Reply.@Nullable Failure refusal(WriteCall write) {
    IOException broken = tree.failure();
    if (broken != null && !replication.hasEnded()) {
      return Errors.of(
          ErrorCode.INTERNAL,
          "writes have ended, reads go on: "
              + broken.getMessage()
              + "; nothing was done; the node's log tells more; mend the disk, then start again");
    }
    if (pendingBytes > 0 && pendingBytes + write.sizeBytes() > environment.pendingBytes()) {
      counters.add(Counter.OVERLOADED, 1);
      return BUSY;
    }
    if ((environment.reserve().full() || tree.diskFull()) && write.mutation().grows()) {
      counters.add(Counter.DISK_FULL, 1);
      return DISK_FULL;
    }
    if (!limit.hasRoomFor(write.sizeBytes()) && write.mutation().grows()) {
      counters.add(Counter.KEYSPACE_FULL, 1);
      return limit.refuse();
    }
    return replication.refusal(write.sizeBytes());
  }

  private void warm(WriteCall write) {
    counters.add(Counter.WARMED_WRITES, 1);
    write.conversation().startWarming();
    warmings++;
    if (!replica.reads().warm(write.mutation(), true, failure -> warmed(write, failure))) {
      warmed(write, BUSY);
    }
  }

  private void warmed(WriteCall write, @Nullable ReadFailedException failure) {
    warmed(write, failure == null ? null : failure.failure(environment.faults()));
  }

  private void warmed(WriteCall write, Reply.@Nullable Failure failure) {
    Conversation conversation = write.conversation();
    conversation.endWarming();
    warmings--;
    if (lost()) {
      abandon(write, whyLost());
    } else if (failure != null) {
      abandon(write, failure);
    } else {
      propose(write);
    }
    replica.resume(conversation);
  }

  private void propose(WriteCall write) {
    if (replication.mayReadNow() && write.mutation().refutedBy(replica.memory())) {
      noLongerPending(write);
      write.done(Reply.NULL_ARRAY);
      replica.port().answer(write);
      return;
    }
    write.conversation().accepted(write);
    pace.pass(write);
  }

  private void append(WriteCall write) {
    if (write.answer().abandoned()) {
      abandon(write, BUSY);
      return;
    }
    long stamp = replication.nextStamp();
    byte[] payload = EntryFormat.encode(stamp, write.mutation());
    // By its entry, which is more than its words, of which some writes have none.
    Reply.Failure refusal = replication.refusal(payload.length);
    if (refusal != null) {
      abandon(write, refusal);
      return;
    }
    long index = replication.propose(payload);
    write.proposed(replication.term(), index, stamp);
    write.begun(replica.port().stageNanos(write));
    applier.proposed(write);
    counters.add(Counter.LOGGED_BYTES, payload.length);
  }

  /** A write waits for nothing any more, applied or not. */
  void noLongerPending(WriteCall write) {
    pendingBytes -= write.sizeBytes();
    tellSize();
  }

  /** Ends a write that was not applied. */
  void abandon(WriteCall write, Reply.Failure why) {
    noLongerPending(write);
    write.fail(why);
    finish(write);
  }

  /**
   * Runs the reads that waited for a write which has been applied: before the next is, for that may
   * be of the same session and have come later than they.
   */
  void applied(WriteCall write) {
    write.conversation().over(write);
    write.takeFollowers().forEach(replica.reads()::read);
  }

  /** Answers a write that is done, and runs the reads that waited for it. */
  void finish(WriteCall write) {
    write.conversation().over(write);
    List<Call> followers = write.takeFollowers();
    replica.port().answer(write);
    followers.forEach(replica.reads()::read);
  }

  /** The log is replayed: from here on the replica takes part in its group. Blocks. */
  void ready(Restored restored) throws IOException {
    applier.ready();
    PartialSnapshot partial = incoming.resume(applier.appliedIndex());
    start(restored.with(partial));
  }

  /** A replica that never was before: from here on it takes part in its group. */
  void readyNew(Restored nothing) {
    applier.ready();
    start(nothing);
  }

  private void start(Restored restored) {
    replication.start(restored, replica.identity().incarnation() + applier.attachment().installs());
    tellSize();
    limit.join(replica);
  }

  /** The keyspace has other options. */
  void altered(Durability durability) {
    replication.altered(durability);
    if (limit.isSet()) {
      limit.join(replica);
      tellSize();
    } else {
      limit.leave(replica);
      limit.add(-toldBytes);
      toldBytes = 0;
    }
  }

  /** A snapshot has replaced the state, and with it the outcome of what was under way. */
  void replaced(Attachment attachment) {
    applier.replaced(attachment);
    replica.feed().interrupt();
    applier.takeAll().forEach(write -> abandon(write, UNKNOWN));
    tellSize();
  }

  /**
   * The tree can be read, and changed no more. Where there are other members, this one takes no
   * further part: as a leader it would hold up its group, and could send nobody a snapshot.
   */
  void broken() {
    if (replication.needsOthers()) {
      abandonAll(UNDECIDED);
    }
  }

  /** The node gave up on its disk: whatever comes from here on is refused. */
  void refuseAll() {
    refuseAll(LOST);
  }

  /** Whatever comes from here on is refused; the first reason counts. */
  void refuseAll(Reply.Failure why) {
    if (refused == null) {
      refused = why;
    }
    replica.feed().interrupt();
  }

  /** Ends everything under way; its outcome is unknown. */
  void abandonAll(Reply.Failure why) {
    replication.end(why);
    applier.takeAll().forEach(write -> abandon(write, why));
    pace.takeAll().forEach(write -> abandon(write, why));
  }
}
