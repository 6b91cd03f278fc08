package io.distkv.node.replica;

import io.distkv.base.ErrorCode;
import io.distkv.base.HybridClock;
import io.distkv.base.MalformedBytesException;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.ReplicaCounters.Counter;
import io.distkv.raft.Entry;
import io.distkv.raft.Membership;
import io.distkv.raft.MembershipFormat;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.tree.Tree;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies what the group has committed to the replica's tree, entry by entry: from the call where a
 * client of this node waits for it, else from the bytes of the log.
 *
 * <p>What an entry reads was brought into memory by the node that proposed it; on any other it may
 * be cold. Then a worker warms it first and everything behind it waits, so that the lane does not.
 *
 * <p>One sync makes hundreds of writes durable at once. The lane rests after each few that it has
 * answered, so that their answers leave and the clients go on while it applies the others.
 *
 * <p>Invariants: the tree holds exactly the entries up to the last applied; {@code proposed} holds
 * the calls whose entries may yet be committed. A call whose entry cannot be any more was never
 * done, and is told so.
 *
 * <p>Used on the replica's lane only.
 */
final class Applier implements Replication.StateMachine {
  private static final Reply.Failure OVERTAKEN =
      Errors.of(
          ErrorCode.NOT_LEADER,
          "another node took the lead of the partition before the write was replicated;"
              + " nothing was done; try again");

  private final Replica replica;
  private final ReplicaEnvironment environment;
  private final HybridClock clock;
  private final ReplicaCounters counters;
  private final String journal;
  private final Tree tree;
  private final WritePath writes;
  private final AppliedStore store;
  private final DetachedReplies detached;
  private SessionWrites sessions;
  private final Proposals<WriteCall> proposed = new Proposals<>();
  private Attachment attachment;
  private long committedIndex;
  private boolean warming;
  private boolean resting;

  /** Whether the state is about to be replaced, so that nothing may be applied to it. */
  private boolean halted;

  Applier(Replica replica, ReplicaGroup group, Tree tree, WritePath writes) {
    this.replica = replica;
    this.tree = tree;
    this.writes = writes;
    environment = group.environment();
    clock = group.clock();
    counters = group.counters();
    journal = group.directory();
    store = new AppliedStore(tree, replica.identity().keyspace().options(), replica.feed());
    detached = new DetachedReplies(replica);
    attachment = Attachment.of(tree.applied().attachment(), replica.firstMembers());
    sessions = new SessionWrites(attachment.sessions());
  }

  /** Whether nobody waits for anything. */
  boolean isIdle() {
    return proposed.isEmpty() && detached.isEmpty() && !warming;
  }

  /** A write is in the log, and will be applied unless another entry takes its place. */
  void proposed(WriteCall write) {
    proposed.add(write);
  }

  /** The writes that wait, which are the caller's from here on. */
  List<WriteCall> takeAll() {
    return proposed.takeAll();
  }

  @Override
  public void committed(long index) {
    committedIndex = Math.max(committedIndex, index);
    goOn();
  }

  @Override
  public long appliedIndex() {
    return tree.publishedIndex();
  }

  @Override
  public void awaited(AwaitedRead read, Reply.@Nullable Failure why) {
    replica.reads().awaited(read, why);
  }

  private void goOn() {
    int answered = 0;
    while (tree.publishedIndex() < committedIndex && mayApply()) {
      if (answered == environment.answersInARow()) {
        rest();
        return;
      }
      Entry entry = writes.replication().raft().entry(tree.publishedIndex() + 1);
      WriteCall own =
          proposed.committed(
              entry.index(), entry.term(), write -> writes.abandon(write, OVERTAKEN));
      if (own != null) {
        apply(own);
        answered++;
      } else if (entry.kind() == Entry.Kind.COMMAND) {
        apply(entry);
      } else {
        pass(entry);
      }
    }
  }

  private boolean mayApply() {
    return !writes.lost() && !warming && !resting && !halted;
  }

  private void rest() {
    resting = true;
    replica.port().lane().continueWith(this::rested);
  }

  /** Goes on, if the state has not been closed meanwhile. */
  private void rested() {
    resting = false;
    if (!writes.replication().hasEnded()) {
      goOn();
      writes.replication().applied();
    }
  }

  /** An entry of the log's own, which leaves the tree as it is. */
  private void pass(Entry entry) {
    if (entry.kind() == Entry.Kind.MEMBERSHIP) {
      Membership members = MembershipFormat.decode(entry.payload());
      attachment = attachment.withMembers(entry.index(), members);
    }
    tree.publish(tree.publishedVersion(), entry.index(), entry.term());
  }

  private void apply(WriteCall write) {
    write.decided(replica.port().stageNanos(write));
    DetachedReplies.@Nullable Pending pending = null;
    Reply reply;
    try {
      Mutation mutation = write.mutation();
      if (mutation instanceof Mutation.Transaction transaction && transaction.readsWithoutBound()) {
        pending = detached.before(write, transaction);
        mutation = transaction.writesOnly();
      }
      reply = sessions.run(mutation, write.index(), store.begin(write.stamp()));
    } catch (ReadFailedException e) {
      if (pending != null) {
        pending.store().close();
      }
      writes.refuseAll();
      writes.abandon(write, WritePath.LOST);
      fail(e);
      return;
    } catch (RuntimeException e) {
      environment.faults().defect(e);
      reply = WritePath.DEFECT;
    }
    tree.publish(write.stamp(), write.index(), write.term());
    replica.feed().applied(write.stamp());
    writes.noLongerPending(write);
    counters.add(Counter.ENTRIES, 1);
    if (pending != null) {
      writes.applied(write);
      detached.find(pending, writes::finish);
      return;
    }
    write.done(reply);
    writes.finish(write);
  }

  /** The log says that it happened, and the state cannot follow. */
  private void fail(ReadFailedException e) {
    writes.refuseAll();
    environment.faults().fatal(e.why());
  }

  /** Applies an entry that nobody here waits for. */
  private void apply(Entry entry) {
    EntryFormat.Entry command;
    try {
      command = decode(entry.index(), entry.payload(), 0, entry.payload().length);
    } catch (CorruptionException e) {
      writes.refuseAll();
      environment.faults().fatal(e);
      return;
    }
    try {
      command.mutation().readAhead(replica.memory()::require);
    } catch (ColdReadException e) {
      warm(entry, command);
      return;
    } catch (ReadFailedException e) {
      fail(e);
      return;
    }
    apply(entry, command);
  }

  private void apply(Entry entry, EntryFormat.Entry command) {
    try {
      run(command, entry.index(), entry.term());
      counters.add(Counter.ENTRIES, 1);
    } catch (ReadFailedException e) {
      fail(e);
    }
  }

  private void warm(Entry entry, EntryFormat.Entry command) {
    warming = true;
    Attachment of = attachment;
    replica
        .reads()
        .warm(
            command.mutation(),
            false,
            failure -> {
              warming = false;
              boolean replaced = halted || attachment.installs() != of.installs();
              if (!replaced && !writes.replication().hasEnded()) {
                warmed(entry, command, failure);
              }
            });
  }

  /** Goes on; should the blocks be gone again already, the lane reads the disk. */
  private void warmed(
      Entry entry, EntryFormat.Entry command, @Nullable ReadFailedException failure) {
    if (writes.lost()) {
      return;
    }
    if (failure != null) {
      fail(failure);
      return;
    }
    apply(entry, command);
    goOn();
    writes.replication().applied();
  }

  private void run(EntryFormat.Entry command, long index, long term) {
    clock.observe(command.stamp());
    try {
      sessions.run(command.mutation(), index, store.begin(command.stamp()));
    } catch (ReadFailedException e) {
      throw e;
    } catch (RuntimeException e) {
      // It does the same wherever it is applied: what it had changed by then stays.
      environment.faults().defect(e);
    }
    tree.publish(command.stamp(), index, term);
    replica.feed().applied(command.stamp());
  }

  /**
   * Applies the next entry from the journal at a start.
   *
   * @throws CorruptionException if it cannot be understood
   */
  void replay(Entry entry) throws IOException {
    if (entry.kind() == Entry.Kind.COMMAND) {
      replay(entry.term(), entry.index(), entry.payload(), 0, entry.payload().length);
    } else {
      pass(entry);
    }
  }

  /** Likewise, with a command in the middle of an array. */
  void replay(long term, long index, byte[] payload, int offset, int length) throws IOException {
    try {
      run(decode(index, payload, offset, length), index, term);
    } catch (ReadFailedException e) {
      throw e.why();
    }
  }

  /** What belongs to the state beside the tree, as of the last applied entry. */
  Attachment attachment() {
    return attachment;
  }

  private EntryFormat.Entry decode(long index, byte[] payload, int offset, int length)
      throws CorruptionException {
    try {
      return EntryFormat.decode(environment.commands(), payload, offset, length);
    } catch (MalformedBytesException e) {
      throw damaged(index, String.valueOf(e.getMessage()));
    }
  }

  /** What is wrong with the replica's log. */
  CorruptionException damaged(long index, String what) {
    return new CorruptionException(
        journal, 0, "entry " + index + " of replica " + replica.identity() + ": " + what);
  }

  /** A snapshot is about to replace the state: what is committed so far is in it. */
  void halt() {
    halted = true;
  }

  /** A snapshot has replaced the state. */
  void replaced(Attachment newAttachment) {
    halted = false;
    attachment = newAttachment;
    sessions = new SessionWrites(newAttachment.sessions());
    ready();
  }

  /** The log is replayed. */
  void ready() {
    clock.observe(tree.publishedVersion());
    committedIndex = tree.publishedIndex();
  }
}
