package io.distkv.node.replica;

import io.distkv.base.HybridClock;
import io.distkv.base.Lane;
import io.distkv.base.Version;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.replica.ReplicaCounters.Counter;
import io.distkv.raft.Membership;
import io.distkv.raft.Raft;
import io.distkv.raft.Refusal;
import io.distkv.raft.Restored;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.table.Compression;
import io.distkv.storage.tree.Snapshot;
import io.distkv.storage.tree.Tree;
import io.distkv.storage.tree.TreeCallback;
import io.distkv.storage.tree.TreeOptions;
import io.distkv.storage.tree.TreeOwner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One node's copy of one partition: a log (the replication) and a state (the tree), joined here.
 *
 * <p>A read runs on the lane if memory has all it asks for, else again as a whole on a worker, over
 * a snapshot taken in its turn; so a cold key holds up nobody, and a later write cannot be seen by
 * an earlier read. A write is warmed (its keys brought into memory), proposed, committed and
 * applied, and only applying changes the tree.
 *
 * <p>Invariants: no call is answered before what it wrote is as durable as its keyspace asks; a
 * read of a session runs after its earlier writes.
 *
 * <p>The rejected way: executing a write when it arrives and logging its effects. It needs no
 * waiting reads, but its state runs ahead of the log, so that everything it lets others see must be
 * held back or undone when the log fails, and replicas of a group could not share it.
 *
 * <p>Used on its lane only, but for {@link #tryReadInPlace} and the accessors of what never
 * changes.
 */
public final class Replica {
  private volatile ReplicaIdentity identity;
  private final ReplicaGroup group;
  private final ReplicaEnvironment environment;
  private final Tree tree;
  private final ChangeFeed feed = new ChangeFeed();
  private final MemoryView memory;
  private final WritePath writes;
  private final ReadPath reads;

  /** By the lane of the requests. */
  private final Conversation[] unordered;

  private boolean flushing;
  private boolean relieving;
  private @Nullable TreeCallback whenFlushedToStop;

  private Replica(ReplicaIdentity identity, ReplicaGroup group) throws IOException {
    KeyspaceOptions options = identity.keyspace().options();
    this.identity = identity;
    this.group = group;
    environment = group.environment();
    Lane lane = group.port().lane();
    tree =
        Tree.load(
            environment.trees(),
            lane,
            identity.directory(),
            treeOptions(environment.tree(), options),
            new Owner());
    memory = new MemoryView(tree, group.clock(), group.counters(), options);
    writes = new WritePath(this, group, tree);
    reads = new ReadPath(this, group, tree, memory, writes);
    unordered = new Conversation[group.port().lanes()];
    Arrays.setAll(unordered, i -> Conversation.unordered(group.port().of(i), this));
  }

  /**
   * Opens a replica's tree; blocks, on any thread. Its log is replayed by its group afterwards, on
   * the lane.
   */
  static Replica open(ReplicaIdentity identity, ReplicaGroup group) throws IOException {
    Replica replica = new Replica(identity, group);
    replica.tree.begin();
    return replica;
  }

  /** Its part in its group; to be looked at, and left alone. On its lane, once the node serves. */
  public Raft raft() {
    return writes.replication().raft();
  }

  /**
   * Hands the lead of its group over to another voter, if this one has it. On its lane; may be
   * without effect, since nothing makes sure that the other can lead.
   *
   * @param node that is to lead
   */
  public void handOverTo(long node) {
    writes.replication().handOverTo(node);
  }

  /**
   * Begins to change who takes part in its group. On its lane; {@link #raft} tells how it goes on.
   *
   * @param target the members as they are to be in the end: voters and learners
   * @return why that cannot begin now; null if it has
   */
  public @Nullable Refusal changeMembers(Membership target) {
    return writes.replication().change(target);
  }

  /** The last entry that its state has applied. On its lane. */
  public long appliedIndex() {
    return tree.publishedIndex();
  }

  /** The last entry that its tables hold. On its lane. */
  public long flushedIndex() {
    return tree.applied().index();
  }

  /** Bytes of writes that were let in and are not applied. On its lane. */
  public long pendingBytes() {
    return writes.pendingBytes();
  }

  /** Its state as it is now; to be closed. Any thread. */
  public Snapshot snapshot() {
    return tree.snapshot();
  }

  /**
   * The client sessions that are open in its state, in bytes: the same on all replicas that have
   * applied the same. On its lane.
   */
  public byte[] clientSessions() {
    return writes.applier().attachment().sessions().encode();
  }

  /** What takes what the journal holds of this replica. */
  LogReplay replay() {
    return new LogReplay(
        environment.self(),
        writes.applier(),
        tree.applied(),
        identity.incarnation(),
        environment.raft().catchUpBytes());
  }

  /** The log is replayed: takes its part in its group, and calls. Blocks. */
  void join(Restored restored) throws IOException {
    writes.ready(restored);
  }

  /** There is no log, since the replica is new: takes its part in its group, and calls. */
  void joinNew() {
    try {
      writes.readyNew(replay().restored());
    } catch (CorruptionException e) {
      throw new IllegalStateException("entries of a new log are missing", e);
    }
  }

  /** Its keyspace has other options. */
  void alter(ReplicaIdentity altered) {
    identity = altered;
    KeyspaceOptions options = altered.keyspace().options();
    TreeOptions trees = treeOptions(environment.tree(), options);
    tree.alter(trees.historyMillis(), trees.compressions());
    writes.altered(options.durability());
  }

  /** The members that its group began with. */
  Membership firstMembers() {
    return environment.placement().members(environment.self(), identity);
  }

  private static TreeOptions treeOptions(TreeOptions base, KeyspaceOptions options) {
    List<Compression> levels = new ArrayList<>();
    for (int level = 0; level < TreeOptions.LEVELS; level++) {
      int last = options.compression().size() - 1;
      levels.add(options.compression().get(Math.min(level, last)));
    }
    return base.withHistoryMillis(options.historyMillis()).withCompressions(levels);
  }

  /** Which it is, with the options that its keyspace has now. */
  public ReplicaIdentity identity() {
    return identity;
  }

  /** Its number within its keyspace. */
  public int partition() {
    return identity.partition();
  }

  /** The port of its lane. */
  public LanePort port() {
    return group.port();
  }

  Tree tree() {
    return tree;
  }

  ReplicaEnvironment environment() {
    return environment;
  }

  void count(Counter counter) {
    group.counters().add(counter, 1);
  }

  WritePath writes() {
    return writes;
  }

  ReadPath reads() {
    return reads;
  }

  MemoryView memory() {
    return memory;
  }

  /**
   * Runs a read in this call, if nothing stands before it and memory has all it asks for; else
   * null, and the read must be made a call.
   */
  public @Nullable Reply tryRead(Conversation conversation, Prepared.Read read) {
    return reads.tryNow(conversation, read);
  }

  /**
   * Runs a read in this call, on a lane that is not the replica's, if memory has all it asks for;
   * else null, and the read must be made a call. For a session that has nothing under way, since a
   * read in place waits for nothing.
   */
  public @Nullable Reply tryReadInPlace(Prepared.Read read) {
    return reads.tryInPlace(read);
  }

  /** The conversation of requests that stand for themselves, and need no order. Any thread. */
  public Conversation unordered(LanePort home) {
    return unordered[home.lane().index()];
  }

  /** Takes a call; its outcome comes to the call's answer on its home lane. */
  public void accept(Call call) {
    if (writes.lost()) {
      refuse(call, writes.whyLost());
    } else if (call.conversation().mustHold(call)) {
      call.conversation().hold(call);
    } else {
      begin(call);
    }
  }

  private void begin(Call call) {
    if (call instanceof WriteCall write) {
      writes.admit(write);
      return;
    }
    WriteCall earlier = call.conversation().lastWrite();
    if (earlier != null) {
      earlier.follow(call);
    } else {
      reads.read(call);
    }
  }

  /** Goes on with what was put aside, up to the next call that must wait. */
  void resume(Conversation conversation) {
    for (Call held = conversation.nextHeld(); held != null; held = conversation.nextHeld()) {
      if (writes.lost()) {
        refuse(held, writes.whyLost());
      } else {
        begin(held);
      }
    }
  }

  /**
   * Begins to watch it. On its lane.
   *
   * @param after the version behind which it begins
   * @param mostBytes of changes that it may hold at a time, about
   */
  public ChangeSource watch(ChangeRange range, long after, long mostBytes) {
    return new ChangeSource(this, range, after, mostBytes);
  }

  /**
   * A version behind which is what nobody has been told of yet: that of the clock, so that history
   * is kept from there on although nothing was written for long. On its lane.
   */
  public long newestVersion() {
    return Math.max(tree.publishedVersion(), Version.ofMillis(clock().nowMillis()));
  }

  /**
   * Another replica of this node has such a version: what is written here from now on gets larger
   * ones. On its lane.
   */
  public void observe(long version) {
    clock().observe(version);
  }

  /** Whom to tell of what is applied. */
  ChangeFeed feed() {
    return feed;
  }

  /** The clock of its lane. */
  HybridClock clock() {
    return group.clock();
  }

  /** Answers a call with a failure. */
  void refuse(Call call, Reply.Failure why) {
    call.fail(why);
    port().answer(call);
  }

  /**
   * Its keyspace is at its limit: has what was overwritten or deleted, or has expired, dropped from
   * memory and tables. The entry before the flush brings the time by which that is judged.
   */
  void relieve() {
    if (relieving || writes.lost() || group.stopping() || !tree.mayShrink()) {
      return;
    }
    relieving = true;
    Answer relief =
        new Answer() {
          @Override
          public void answered(Call call) {
            relieving = false;
            if (!writes.lost()) {
              flush();
            }
          }

          @Override
          public boolean abandoned() {
            return false;
          }
        };
    accept(new WriteCall(new Conversation(port(), this), relief, new Mutation.TimePasses()));
  }

  /**
   * About what the entries take that its state has not applied, most of them for want of a vote.
   */
  long undecidedBytes() {
    return raft().bytesAfter(appliedIndex());
  }

  /**
   * Lets the journal give up its oldest segment, as far as this replica holds it: what is applied
   * is flushed; and once the tables have all of that, what is not applied is written again.
   *
   * @param mayWriteAgain whether that is worth its while
   */
  void relieveJournal(boolean mayWriteAgain) {
    writes.replication().writeHardState();
    if (flushedIndex() < appliedIndex()) {
      flush();
    } else if (mayWriteAgain && writes.replication().needsOthers()) {
      writes.replication().writeEntriesAgain(flushedIndex());
    }
  }

  /** Has what is in memory put into tables, if that is not under way. */
  void flush() {
    if (!flushing) {
      flushing = true;
      tree.flush(_ -> flushing = false);
    }
  }

  /** Flushes before the tree is closed; calls back at once with an error if the disk is full. */
  void flushToStop(TreeCallback done) {
    whenFlushedToStop = done;
    tree.flush(this::flushedToStop);
    if (tree.diskFull()) {
      flushedToStop(notFlushed());
    }
  }

  private void flushedToStop(@Nullable IOException failure) {
    TreeCallback done = whenFlushedToStop;
    if (done != null) {
      whenFlushedToStop = null;
      done.done(failure);
    }
  }

  private IOException notFlushed() {
    return new IOException(
        "%s was not flushed, for the disk is full; the next start reads more of the journal"
            .formatted(identity.directory()));
  }

  ReplicaStatistics statistics() {
    return new ReplicaStatistics(
        identity,
        writes.pendingBytes(),
        GroupPart.of(raft(), tree.publishedIndex()),
        tree.statistics());
  }

  /** What the tree asks and tells. */
  private final class Owner implements TreeOwner {
    @Override
    public long treeId() {
      return identity.treeId();
    }

    @Override
    public void whenDurable(long index, Runnable then) {
      writes.replication().whenDurable(index, then);
    }

    @Override
    public byte[] attachment() {
      return writes.applier().attachment().encode();
    }

    @Override
    public void askForTime() {
      if (!group.stopping()) {
        // Where it fails, upkeep comes back to it.
        accept(
            new WriteCall(
                new Conversation(port(), Replica.this), Answer.UNHEARD, new Mutation.TimePasses()));
      }
    }

    @Override
    public void resized() {
      writes.tellSize();
    }

    @Override
    public void flushed(long flushedIndex) {
      group.log().journal().release(identity.id(), flushedIndex);
    }

    @Override
    public void diskFull(boolean full) {
      if (full) {
        environment.reserve().metFullDisk();
        flushedToStop(notFlushed());
      }
    }

    @Override
    public void failed(IOException why) {
      environment.faults().defect(why);
      writes.broken();
    }
  }
}
