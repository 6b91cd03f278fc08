package io.distkv.node.replica;

import io.distkv.base.ByteWriter;
import io.distkv.base.ErrorCode;
import io.distkv.base.MalformedBytesException;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.ReplicaCounters.Counter;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.tree.Tree;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The way of a write through a replica: admitted, its keys warmed, paced, stamped and proposed,
 * committed, applied, answered.
 *
 * <p>Invariants: {@code proposed} holds, in index order, exactly the calls whose entries are in the
 * log and not applied; the tree holds exactly the entries up to the last applied; stamps rise with
 * indexes; a write is answered once, and after that its session's waiting reads run.
 *
 * <p>Used on the replica's lane only.
 */
final class WritePath implements Replication.StateMachine {
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
  static final Reply.Failure DEFECT =
      Errors.of(ErrorCode.INTERNAL, "a defect of the node; its log has the details");
  private static final Reply.Failure DISK_FULL =
      Errors.of(
          ErrorCode.DISK_FULL,
          "the disk is nearly full: only reads and deletes are served until there is room");
  private static final int BUFFER_BYTES = 4096;
  private static final int KEEP_BUFFER_BYTES = 1024 * 1024;

  private final Replica replica;
  private final ReplicaGroup group;
  private final ReplicaEnvironment environment;
  private final ReplicaCounters counters;
  private final Tree tree;
  private final AppliedStore store;
  private final LocalReplication replication;
  private final Pace pace;
  private final KeyspaceLimit limit;
  private final Queue<WriteCall> proposed = new ArrayDeque<>();
  private ByteWriter writer = new ByteWriter(BUFFER_BYTES);
  private long pendingBytes;
  private long toldBytes;
  private final DetachedReplies detached;
  private int warmings;
  private boolean lost;

  WritePath(Replica replica, ReplicaGroup group, Tree tree) {
    this.replica = replica;
    this.group = group;
    this.tree = tree;
    environment = group.environment();
    counters = group.counters();
    ReplicaIdentity identity = replica.identity();
    store = new AppliedStore(tree, identity.keyspace().options());
    limit = environment.limit(identity.keyspace().options().number());
    replication = new LocalReplication(group.log(), identity, this);
    detached = new DetachedReplies(replica);
    pace =
        new Pace(
            group.port().lane(), environment.clock(), tree, replication, counters, this::append);
  }

  LocalReplication replication() {
    return replication;
  }

  /** Whether the node has given up on its disk, or on room there: nothing is taken any more. */
  boolean lost() {
    return lost;
  }

  /** Bytes of the writes that are under way. */
  long pendingBytes() {
    return pendingBytes;
  }

  /** Whether nothing is under way. */
  boolean idle() {
    return lost || (proposed.isEmpty() && pace.isEmpty() && warmings == 0 && detached.isEmpty());
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
      pendingBytes -= write.sizeBytes();
      tellSize();
      replica.refuse(write, e.failure(environment.faults()));
      return;
    }
    propose(write);
  }

  private Reply.@Nullable Failure refusal(WriteCall write) {
    IOException broken = tree.failure();
    if (broken != null) {
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
    return null;
  }

  private void warm(WriteCall write) {
    counters.add(Counter.WARMED_WRITES, 1);
    write.conversation().startWarming();
    warmings++;
    SnapshotView view = replica.snapshotView();
    boolean queued = environment.reads().offer(() -> warmOnWorker(view, write));
    if (!queued) {
      view.close();
      counters.add(Counter.OVERLOADED, 1);
      warmed(write, BUSY);
    }
  }

  private void warmOnWorker(SnapshotView view, WriteCall write) {
    Reply.@Nullable Failure failure = null;
    try (view) {
      write.mutation().readAhead(view::get);
    } catch (ReadFailedException e) {
      failure = e.failure(environment.faults());
    }
    Reply.@Nullable Failure outcome = failure;
    replica.port().lane().complete(() -> warmed(write, outcome));
  }

  private void warmed(WriteCall write, Reply.@Nullable Failure failure) {
    Conversation conversation = write.conversation();
    conversation.endWarming();
    warmings--;
    if (lost) {
      abandon(write, LOST);
    } else if (failure != null) {
      abandon(write, failure);
    } else {
      propose(write);
    }
    replica.resume(conversation);
  }

  private void propose(WriteCall write) {
    if (write.mutation().refutedBy(replica.memory())) {
      pendingBytes -= write.sizeBytes();
      tellSize();
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
    long stamp = group.clock().next();
    writer.reset();
    if (write.sizeBytes() > KEEP_BUFFER_BYTES) {
      // Of the right size at once: growing there would take twice the memory, and leave as much.
      writer = new ByteWriter(Math.toIntExact(write.sizeBytes() + BUFFER_BYTES));
    }
    EntryFormat.encode(writer, stamp, write.mutation());
    long index = replication.propose(writer.array(), 0, writer.size());
    write.proposed(index, stamp);
    proposed.add(write);
    counters.add(Counter.LOGGED_BYTES, writer.size());
    if (writer.array().length > KEEP_BUFFER_BYTES) {
      writer = new ByteWriter(BUFFER_BYTES);
    }
  }

  /** Ends a write that is not in the log. */
  private void abandon(WriteCall write, Reply.Failure why) {
    pendingBytes -= write.sizeBytes();
    tellSize();
    write.fail(why);
    finish(write);
  }

  private void finish(WriteCall write) {
    write.conversation().over(write);
    List<Call> followers = write.takeFollowers();
    replica.port().answer(write);
    followers.forEach(replica::read);
  }

  @Override
  public void committed(long index) {
    for (WriteCall next = proposed.peek();
        next != null && next.index() <= index && !lost;
        next = proposed.peek()) {
      proposed.remove();
      apply(next);
    }
  }

  private void apply(WriteCall write) {
    DetachedReplies.@Nullable Pending pending = null;
    Reply reply;
    try {
      Mutation mutation = write.mutation();
      if (mutation instanceof Mutation.Transaction transaction && transaction.readsWithoutBound()) {
        pending = detached.before(write, transaction);
        mutation = transaction.writesOnly();
      }
      reply = mutation.run(store.begin(write.stamp()));
    } catch (ReadFailedException e) {
      // The log says that it happened, and the state cannot follow.
      lost = true;
      if (pending != null) {
        pending.store().close();
      }
      abandon(write, LOST);
      environment.faults().fatal(e.why());
      return;
    } catch (RuntimeException e) {
      environment.faults().defect(e);
      reply = DEFECT;
    }
    tree.publish(write.stamp(), write.index(), LocalReplication.TERM);
    pendingBytes -= write.sizeBytes();
    tellSize();
    counters.add(Counter.ENTRIES, 1);
    if (pending != null) {
      detached.find(pending, this::finish);
      return;
    }
    write.done(reply);
    finish(write);
  }

  /**
   * Applies an entry from the log at a start, if the tree does not hold it yet.
   *
   * @throws CorruptionException if it cannot be the next one
   */
  void replay(long index, byte[] payload, int offset, int length) throws IOException {
    if (index <= tree.publishedIndex()) {
      return;
    }
    if (index != tree.publishedIndex() + 1) {
      throw damaged(index, "the entries after " + tree.publishedIndex() + " are missing");
    }
    EntryFormat.Entry entry;
    try {
      entry = EntryFormat.decode(environment.commands(), payload, offset, length);
    } catch (MalformedBytesException e) {
      throw damaged(index, String.valueOf(e.getMessage()));
    }
    group.clock().observe(entry.stamp());
    try {
      entry.mutation().run(store.begin(entry.stamp()));
    } catch (ReadFailedException e) {
      throw e.why();
    } catch (RuntimeException e) {
      // It did the same when it was applied first: what it had changed by then stays.
      environment.faults().defect(e);
    }
    tree.publish(entry.stamp(), index, LocalReplication.TERM);
  }

  private CorruptionException damaged(long index, String what) {
    return new CorruptionException(
        group.directory(), 0, "entry " + index + " of replica " + replica.identity() + ": " + what);
  }

  /** The log is replayed: from here on the replica takes calls. */
  void ready() {
    group.clock().observe(tree.publishedVersion());
    replication.resumeAfter(tree.publishedIndex());
    tellSize();
    limit.join(replica);
  }

  /** The node gave up on its disk: whatever comes from here on is refused. */
  void refuseAll() {
    lost = true;
  }

  /** Ends everything under way; its outcome is unknown. */
  void abandonAll(Reply.Failure why) {
    for (WriteCall write = proposed.poll(); write != null; write = proposed.poll()) {
      abandon(write, why);
    }
    pace.takeAll().forEach(write -> abandon(write, why));
  }
}
