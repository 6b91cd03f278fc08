package io.distkv.node.replica;

import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.Durability;
import io.distkv.node.replica.ReplicaCounters.Counter;
import io.distkv.raft.Effect;
import io.distkv.raft.Entry;
import io.distkv.raft.HardState;
import io.distkv.raft.Membership;
import io.distkv.raft.Message;
import io.distkv.raft.Raft;
import io.distkv.raft.Refusal;
import io.distkv.raft.Restored;
import io.distkv.raft.Role;
import io.distkv.raft.SnapshotInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A replica's part in its group ({@link Raft}): carries out on the lane's journal, the network and
 * the replica's state what the core wants done, and tells it what came of it.
 *
 * <p>All that a turn of the lane brings to a group is carried out together at the turn's end, so
 * that the groups of a lane share one write and one sync of the journal, and the messages to a node
 * one frame.
 *
 * <p>Invariants: what the core must have durable is reported to it in the order in which it was
 * appended, and only when the journal says so; the terms and votes always so, the entries as far as
 * the keyspace's durability asks. Entries are applied before anything is answered that follows from
 * them. {@code readableUntilNanos} never promises more than the core does at the end of the turn,
 * which is before any message of the turn leaves.
 *
 * <p>The promises of one server to another run on its clock, so a message's time is that of a look
 * at the clock after it came: with the time of the turn, a process that stood still in its middle
 * would count a leader's heartbeat from before that.
 *
 * <p>Used on the replica's lane only, but for {@link #mayReadNow}.
 */
final class RaftReplica implements Replication {
  private final ReplicaGroup group;
  private final ReplicaIdentity identity;
  private final JournalLog log;
  private final RaftRecords records;
  private final StateMachine machine;
  private final AwaitedReads reads;
  private final OutgoingSnapshots outgoing;
  private final IncomingSnapshot incoming;
  private final PersistQueue writing;
  private final Runnable endTurn = this::endTurn;
  private @Nullable Raft raft;
  private long promisedBytes;
  private boolean waiting;
  private boolean touched;
  private boolean ended;

  /** Whether it is among those that are told of the next tick. */
  private boolean listed;

  /** The term in which a stamp was given last. */
  private long stampedTerm = -1;

  private volatile long readableUntilNanos = Raft.NEVER;

  RaftReplica(
      ReplicaGroup group,
      ReplicaIdentity identity,
      StateMachine machine,
      OutgoingSnapshots outgoing,
      IncomingSnapshot incoming) {
    this.group = group;
    this.outgoing = outgoing;
    this.incoming = incoming;
    this.identity = identity;
    this.machine = machine;
    log = group.log();
    records = new RaftRecords(log, identity);
    writing = new PersistQueue(identity.keyspace().options().durability());
    reads = new AwaitedReads(machine);
  }

  /**
   * After the replay: joins its group.
   *
   * @param newIncarnation of the replica, in the journal
   */
  void start(Restored restored, long newIncarnation) {
    records.start(
        restored.alone() ? HardState.NONE : restored.hardState(),
        newIncarnation,
        restored.committed());
    raft =
        new Raft(
            group.environment().self(),
            group.environment().raft(),
            group.port().randomness(),
            restored,
            group.nowNanos());
    carryOut();
  }

  /** The core, once it has started. */
  Raft raft() {
    Raft started = raft;
    if (started == null) {
      throw new IllegalStateException(identity + " has not joined its group");
    }
    return started;
  }

  @Override
  public Reply.@Nullable Failure refusal(long bytes) {
    if (ended) {
      return Refusals.NO_LEADER;
    }
    Refusal refusal = raft().refusal((int) Math.min(bytes, Integer.MAX_VALUE));
    return refusal == null ? null : Refusals.of(refusal, raft().leader());
  }

  @Override
  public long propose(byte[] payload) {
    touch();
    promisedBytes += payload.length;
    log.promise(payload.length);
    return raft().propose(payload, group.port().turnNanos());
  }

  /**
   * Once in each term, before its first write, and not when the lead is told of, which is at the
   * turn's end: the log that a leader begins with need not be applied, and may be all that it has
   * seen of the time.
   */
  @Override
  public long nextStamp() {
    if (raft().term() != stampedTerm) {
      stampedTerm = raft().term();
      observeLog();
    }
    return group.clock().next();
  }

  @Override
  public long term() {
    return raft().term();
  }

  @Override
  public boolean hasRoomFor(long bytes) {
    return log.hasRoomFor(bytes);
  }

  /** Waits for all that was appended: a little more than asked for, but nothing to keep book of. */
  @Override
  public void whenDurable(long index, Runnable then) {
    log.whenDurable(records.lastPosition(), then);
  }

  @Override
  public boolean mayReadNow() {
    long until = readableUntilNanos;
    return until == Raft.ALWAYS
        || (until != Raft.NEVER && group.environment().clock().monotonicNanos() - until < 0);
  }

  @Override
  public void awaitRead(AwaitedRead read) {
    if (ended) {
      machine.awaited(read, Refusals.NO_LEADER);
      return;
    }
    touch();
    raft().read(reads.add(read), group.nowNanos());
  }

  @Override
  public boolean leads(long term) {
    return !ended && raft().role() == Role.LEADER && raft().term() == term;
  }

  /**
   * Messages of other members have come, in one go.
   *
   * @param nowNanos a look at the clock after they came
   */
  void receive(Message message, long nowNanos) {
    if (!ended) {
      touch();
      raft().receive(message, nowNanos);
    }
  }

  /** A node is gone. */
  void gone(long node, long nowNanos) {
    if (!ended && raft().leader() == node) {
      touch();
      raft().wake(nowNanos);
    }
  }

  /** Time has passed, as it was to be told. */
  void tick(long nowNanos) {
    listed = false;
    if (!ended) {
      touch();
      raft().tick(nowNanos);
      reads.dropAbandoned();
    }
  }

  /**
   * Hands the lead over, if it has it and hears another voter.
   *
   * @return whether that is under way
   */
  boolean handOver() {
    if (ended) {
      return false;
    }
    touch();
    return raft().handOver(group.nowNanos());
  }

  /** Hands the lead over to a voter, if it has it. */
  void handOverTo(long node) {
    step(() -> raft().transferTo(node, group.nowNanos()));
  }

  /**
   * Begins to change who takes part in the group.
   *
   * @return why that cannot begin now; null if it has
   */
  @Nullable Refusal change(Membership target) {
    if (ended) {
      return Refusal.NOT_LEADER;
    }
    touch();
    return raft().changeMembership(target, group.nowNanos());
  }

  /** From here on entries must be so durable; those under way, too. */
  void altered(Durability durability) {
    records.altered(durability);
    writing.altered(durability);
    log.journal().sync();
  }

  /** Whether it takes no part any more. */
  boolean hasEnded() {
    return ended;
  }

  /** Whether what is proposed here needs other servers to be committed. */
  boolean needsOthers() {
    return raft != null && raft().membership().members().size() > 1;
  }

  /**
   * Takes no further part in its group.
   *
   * @param why what reads are told that still wait for it
   */
  void end(Reply.Failure why) {
    ended = true;
    readableUntilNanos = Raft.NEVER;
    writing.clear();
    // What was proposed in this turn will not be appended: the journal need keep no room for it.
    log.kept(promisedBytes);
    promisedBytes = 0;
    reads.refuseAll(why);
  }

  /** Likewise, since the node stops. */
  void leave() {
    end(Refusals.NO_LEADER);
  }

  /** At the end of this turn, what has come of it is carried out. */
  private void touch() {
    if (!touched) {
      touched = true;
      group.port().lane().atTurnEnd(endTurn);
    }
  }

  private void endTurn() {
    touched = false;
    carryOut();
  }

  /**
   * The journal got on.
   *
   * @return whether this replica waits for more
   */
  boolean advanced(long writtenPosition, long durablePosition) {
    boolean any = false;
    for (Effect.Persist next = writing.poll(writtenPosition, durablePosition);
        next != null;
        next = writing.poll(writtenPosition, durablePosition)) {
      raft().persisted(next, group.port().turnNanos());
      any = true;
    }
    waiting = !writing.isEmpty();
    boolean waitsForMore = waiting;
    if (any) {
      carryOut();
    }
    return waitsForMore;
  }

  private void carryOut() {
    while (!ended) {
      List<Effect> effects = raft().takeEffects();
      for (Effect effect : effects) {
        carryOut(effect);
      }
      if (effects.isEmpty()) {
        break;
      }
    }
    readableUntilNanos = readableUntil();
    if (!ended && !listed && (raft().nextTickNanos() != Long.MAX_VALUE || !reads.isEmpty())) {
      listed = true;
      group.awaken(this);
    }
  }

  /**
   * What is applied can be read only if it is all that anybody was told of. That is not so if
   * something older is committed beyond it, of a leader before this one, say. What this leader has
   * itself proposed is told once it is applied here; and then a read must not wait for it, for it
   * may be of the same session and have come later.
   */
  private long readableUntil() {
    long until = ended ? Raft.NEVER : raft().readableUntilNanos();
    long applied = machine.appliedIndex();
    boolean allKnown =
        until == Raft.NEVER
            || applied >= raft().committed()
            || raft().entry(applied + 1).term() == raft().term();
    return allKnown ? until : Raft.NEVER;
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Persist persist -> write(persist);
      case Effect.Send(Message message) -> group.send(identity, message);
      case Effect.Committed(long index) -> commit(index);
      case Effect.ReadReady(long read, long index) -> {
        reads.ready(read, index);
        reads.appliedUpTo(machine.appliedIndex());
      }
      case Effect.ReadRefused(long read) -> reads.refuse(read, Refusals.notLeader(raft().leader()));
      case Effect.RoleChanged(Role role, long _, long _) -> {
        if (role == Role.LEADER) {
          group.counters().add(Counter.LEADS, 1);
        }
      }
      case Effect.MembershipChanged _ -> {}
      case Effect.OpenSnapshot(long to) -> outgoing.open(to);
      case Effect.ReadPiece(long to, long offset) -> outgoing.read(to, offset);
      case Effect.CloseSnapshot(long to) -> outgoing.close(to);
      case Effect.WritePiece(Message.SnapshotPiece piece) -> incoming.write(piece);
      case Effect.InstallSnapshot(SnapshotInfo snapshot) -> incoming.install(snapshot);
    }
  }

  /** Does something to the core that comes from elsewhere, and carries out what comes of it. */
  void step(Runnable something) {
    if (!ended) {
      touch();
      something.run();
    }
  }

  /**
   * A snapshot has replaced state and log. What the journal has of the log before is void, and must
   * never be read as part of the new one: the replica goes on under a new incarnation, which the
   * edit that installed the tables has recorded.
   */
  void installed(SnapshotInfo snapshot) {
    group.counters().add(Counter.SNAPSHOTS_INSTALLED, 1);
    writing.clear();
    raft().installed(snapshot);
    records.renew(raft().committed());
  }

  private void write(Effect.Persist persist) {
    log.kept(promisedBytes);
    promisedBytes = 0;
    records.write(persist);
    long position = records.lastPosition();
    if (writing.isEmpty()
        && writing.isThere(position, persist, log.writtenPosition(), log.durablePosition())) {
      raft().persisted(persist, group.port().turnNanos());
      return;
    }
    writing.add(position, persist);
    if (!waiting) {
      waiting = true;
      log.await(this);
    }
  }

  /** Puts the hard state into the journal, anew if it is there: its old place can be given up. */
  void writeHardState() {
    if (!ended) {
      records.writeHardState();
    }
  }

  /**
   * Appends anew all entries that are not applied, since the group has not decided on them: their
   * old places can be given up. So would those of applied entries, which must all be in tables.
   *
   * @param flushedIndex up to where they are
   */
  void writeEntriesAgain(long flushedIndex) {
    // What the core has not handed out yet would come before the cut that makes room for it.
    carryOut();
    if (ended || machine.appliedIndex() > flushedIndex) {
      return;
    }
    records.writeEntriesAgain(raft(), machine.appliedIndex());
  }

  private void commit(long index) {
    records.committed(raft(), index);
    incoming.committed(index);
    machine.committed(index);
    tellApplied();
  }

  /** More of what was committed has been applied, in a task of its own. */
  void applied() {
    tellApplied();
    carryOut();
  }

  private void tellApplied() {
    if (!ended) {
      raft().applied(machine.appliedIndex());
      reads.appliedUpTo(machine.appliedIndex());
    }
  }

  private void observeLog() {
    for (long index = raft().last().index(); index > machine.appliedIndex(); index--) {
      Entry entry = raft().entry(index);
      if (entry.kind() == Entry.Kind.COMMAND) {
        group.clock().observe(EntryFormat.stamp(entry.payload()));
        return;
      }
    }
  }
}
