package io.distkv.raft;

import io.distkv.base.Randomness;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One server's part in a group that agrees on a log (Ongaro and Ousterhout, "In search of an
 * understandable consensus algorithm", extended version; Ongaro's thesis where named): messages,
 * time and wishes in, {@link Effect}s out.
 *
 * <p>It does nothing by itself: no thread, clock, file or socket, and chance only through {@link
 * Randomness}. In a turn its owner hands it what has come, then takes the effects ({@link
 * #takeEffects}) and carries them out. What follows from something that must be durable first is
 * not among them: {@link #persisted} gives it out.
 *
 * <p>The parts are in files of their own: {@link Election}, {@link Replication} (the leader's
 * side), {@link Following} (the follower's), {@link MembershipChange}, {@link Reads}, {@link
 * Snapshots}, {@link Transfer}; {@link Progress} and {@link Quorum} are what the leader counts
 * with. {@link Reception} holds the rules about terms (section 5.1), which are the same for every
 * message. This class is what the owner sees of them all.
 *
 * <p>A group that has nothing to do goes to sleep: the leader's last heartbeat says so, followers
 * that have everything stop waiting for the next, and whatever happens wakes it. Whoever learns
 * that a node is gone must {@link #wake} its groups, or they would never miss their leader.
 *
 * <p>Used on one lane. Times are of a clock that never goes back, and may stand at anything.
 */
public final class Raft {
  /** For {@link #readableUntilNanos}: no time comes at which it ends. */
  public static final long ALWAYS = Long.MAX_VALUE;

  /** For {@link #readableUntilNanos}: it has ended. */
  public static final long NEVER = Long.MIN_VALUE;

  private final Server server;
  private final Replication replication;
  private final Election election;
  private final Following following;
  private final Reads reads;
  private final MembershipChange change;
  private final Snapshots snapshots;
  private final Transfer transfer;
  private final Reception reception;
  private long appliedIndex;

  /**
   * Starts a server.
   *
   * @param id of this server, at least 1; need not be a member yet
   */
  public Raft(long id, RaftOptions options, Randomness random, Restored restored, long nowNanos) {
    RaftLog log = new RaftLog(restored.base());
    long membershipIndex = restored.alone() ? 0 : restored.base().index();
    Memberships memberships = new Memberships(membershipIndex, restored.membership());
    for (Entry entry : restored.entries()) {
      log.append(entry);
      if (entry.kind() == Entry.Kind.MEMBERSHIP) {
        memberships.add(entry.index(), MembershipFormat.decode(entry.payload()));
      }
    }
    log.durable(log.last());
    server = new Server(id, options, random, log, memberships, restored, nowNanos);
    replication = new Replication(server);
    reads = new Reads(server, replication);
    change = new MembershipChange(server, replication);
    snapshots = new Snapshots(server, replication, restored.partial());
    transfer = new Transfer(server, replication, reads);
    election = new Election(server, this::lead);
    following = new Following(server);
    reception = new Reception(server, replication, election, following, reads, snapshots);
    if (restored.alone()) {
      replication.startAlone();
    }
  }

  /** Id of this server. */
  public long id() {
    return server.id();
  }

  public Role role() {
    return server.role();
  }

  public long term() {
    return server.term();
  }

  /** Id of the leader of the term; 0 if it is not known. */
  public long leader() {
    return server.leader();
  }

  /** Index of the last entry that is known to be committed. */
  public long committed() {
    return server.committed();
  }

  /** The end of the log. */
  public Position last() {
    return server.log().last();
  }

  /** Index of the last entry that is durable on this server. */
  public long durable() {
    return server.log().durableIndex();
  }

  /** The place before the first entry that is still in memory. */
  public Position base() {
    return server.log().base();
  }

  /** What the entries in memory weigh, about. */
  public long logBytes() {
    return bytesAfter(base().index());
  }

  /**
   * What the entries after an index weigh, about.
   *
   * @param index from that of the base to that of the last
   */
  public long bytesAfter(long index) {
    return server.log().weightBetween(index, last().index());
  }

  /** The membership that holds now, committed or not. */
  public Membership membership() {
    return server.membership();
  }

  /** The membership that held when an entry that is not forgotten was the last. */
  public Membership membershipAt(long index) {
    return server.membershipAt(index);
  }

  /** Whether no other server can have seen anything of this one's log or term. */
  public boolean isAlone() {
    return server.isAlone();
  }

  /** Whether this server leads, and no other can. */
  public boolean hasLease(long nowNanos) {
    server.advanceTo(nowNanos);
    return server.leads() && reads.hasLease();
  }

  /**
   * Until when a state that has applied all that is {@link #committed} can be read without asking
   * anybody: the end of the lease, {@link #ALWAYS} while there is no other voter, {@link #NEVER}
   * where each read must ask. A later turn may say more, or less: leadership may be lost.
   */
  public long readableUntilNanos() {
    return server.leads() && replication.knowsCommitted() ? reads.leaseEndNanos() : NEVER;
  }

  /**
   * An entry of the log.
   *
   * @param index after the last forgotten one, up to {@link #last}
   */
  public Entry entry(long index) {
    return server.log().at(index);
  }

  // Wishes.

  /** Why {@link #propose} would not take a payload now; null if it would. */
  public @Nullable Refusal refusal(int payloadBytes) {
    if (!server.leads()) {
      return Refusal.NOT_LEADER;
    }
    if (transfer.isUnderWay()) {
      return Refusal.HANDING_OVER;
    }
    return replication.isFull(payloadBytes) ? Refusal.OVERLOADED : null;
  }

  /**
   * Puts a command into the log. It is committed if {@link Effect.Committed} passes its index while
   * the entry there still has this term; another entry there means that it never will be. Until one
   * of the two it may yet happen.
   *
   * @param payload not to be changed afterwards
   * @return its index
   * @throws IllegalStateException if there is a {@link #refusal}
   */
  public long propose(byte[] payload, long nowNanos) {
    server.advanceTo(nowNanos);
    Refusal refusal = refusal(payload.length);
    if (refusal != null) {
      throw new IllegalStateException("the proposal would be refused: " + refusal);
    }
    wakeLeader();
    return replication.append(Entry.Kind.COMMAND, payload);
  }

  /**
   * Begins to change who takes part; {@link Effect.MembershipChanged} tells each step. New voters
   * should have been learners until they had everything: as voters they count from the first step
   * on.
   *
   * @param target of voters and learners only
   * @return why it cannot begin now; null if it has
   */
  public @Nullable Refusal changeMembership(Membership target, long nowNanos) {
    server.advanceTo(nowNanos);
    Refusal refusal = refusal(0);
    if (refusal == null && !change.mayBegin()) {
      refusal = Refusal.CHANGING;
    }
    if (refusal == null) {
      wakeLeader();
      change.begin(target);
    }
    return refusal;
  }

  /**
   * Hands leadership over to whichever voter is placed best, if this server leads and hears any.
   *
   * @return whether a hand-over is under way
   */
  public boolean handOver(long nowNanos) {
    server.advanceTo(nowNanos);
    if (server.leads() && !transfer.isUnderWay()) {
      wakeLeader();
      transfer.beginWithBest();
    }
    return server.leads() && transfer.isUnderWay();
  }

  /** Hands leadership over to another voter, if this server leads. */
  public void transferTo(long id, long nowNanos) {
    server.advanceTo(nowNanos);
    if (server.leads()) {
      wakeLeader();
      transfer.begin(id);
    }
  }

  /**
   * Asks for a linearizable read; {@link Effect.ReadReady} or {@link Effect.ReadRefused} answers.
   * That may take as long as a leader is there and messages are lost: the owner has a deadline.
   *
   * @param read any number that no other read under way has
   */
  public void read(long read, long nowNanos) {
    server.advanceTo(nowNanos);
    reads.read(read);
    // After it, so that the round that wakes the others serves it.
    wake(nowNanos);
  }

  /** A node is gone, or somebody wants something of a group that may sleep. */
  public void wake(long nowNanos) {
    server.advanceTo(nowNanos);
    election.wake();
    wakeLeader();
  }

  private void wakeLeader() {
    if (server.leads()) {
      replication.wake();
    }
  }

  // Completions.

  /**
   * Something is durable, with all that was to be before it. In the order in which it was given
   * out.
   */
  public void persisted(Effect.Persist persist, long nowNanos) {
    server.advanceTo(nowNanos);
    server.durable(persist.last());
    for (Message message : persist.then()) {
      if (message.to() == server.id()) {
        receive(message, nowNanos);
      } else {
        server.send(message);
      }
    }
    if (server.leads()) {
      replication.count();
    }
    forget();
  }

  /**
   * The state has applied the entries up to an index for good: they are in memory, and those that
   * are durable can be forgotten, but for what followers may need.
   */
  public void applied(long index) {
    appliedIndex = index;
    forget();
  }

  /** What was applied because others have it may become durable here only later. */
  private void forget() {
    server.forget(
        appliedIndex, server.leads() ? replication.lowestMatched() : following.matchedByAll());
  }

  /** A snapshot that was asked for is ready to be read. */
  public void snapshotOpened(long to, SnapshotInfo snapshot) {
    snapshots.opened(to, snapshot);
  }

  /** A snapshot that was asked for cannot be had now. */
  public void snapshotNotOpened(long to) {
    snapshots.notOpened(to);
  }

  /**
   * A piece was read of the snapshot that was opened last for a member; not to be told of one that
   * was closed.
   */
  public void pieceRead(long to, long offset, byte[] bytes, boolean last) {
    snapshots.pieceRead(to, offset, bytes, last);
  }

  /** A piece of a snapshot is durable. */
  public void pieceWritten(Message.SnapshotPiece piece) {
    snapshots.pieceWritten(piece);
  }

  /** A piece of a snapshot cannot be used, nor what came before it: its disk holds nothing. */
  public void pieceNotWritten(Message.SnapshotPiece piece) {
    snapshots.pieceNotWritten(piece);
  }

  /** A snapshot has replaced state and log, durably. */
  public void installed(SnapshotInfo snapshot) {
    snapshots.installed(snapshot);
  }

  // Time.

  /** Time has passed. */
  public void tick(long nowNanos) {
    server.advanceTo(nowNanos);
    if (!server.leads()) {
      election.tick();
    } else if (!replication.asleep()) {
      tickLeader();
    }
  }

  private void tickLeader() {
    if (!replication.hearsQuorum()) {
      reception.stepDown(0);
      return;
    }
    transfer.goOn();
    snapshots.tick();
    if (server.now() - replication.nextHeartbeatNanos() >= 0) {
      transfer.place();
      replication.heartbeat(replication.isQuiet() && !transfer.isUnderWay());
    }
  }

  /** When {@link #tick} must come next at the latest; {@link Long#MAX_VALUE} for never. */
  public long nextTickNanos() {
    if (server.leads()) {
      boolean idle = replication.asleep() || replication.others().isEmpty();
      return idle ? Long.MAX_VALUE : replication.nextHeartbeatNanos();
    }
    return election.asleep() ? Long.MAX_VALUE : election.deadlineNanos();
  }

  // Messages.

  /** A message has come. One for another server, or from nowhere, is passed over. */
  public void receive(Message message, long nowNanos) {
    server.advanceTo(nowNanos);
    if (message.to() != server.id()) {
      return;
    }
    reception.receive(message);
  }

  private void lead() {
    reads.refuseAll();
    reads.start();
    transfer.start();
    replication.start();
  }

  // Effects.

  /**
   * What this turn has brought, in the order in which it is to be carried out. Until it is taken,
   * nothing of it has happened.
   */
  public List<Effect> takeEffects() {
    if (server.leads()) {
      if (change.goOn()) {
        // Removed: the others have all they need to elect one of them.
        transfer.leave();
        reception.stepDown(0);
      } else {
        transfer.goOn();
        reads.goOn();
        snapshots.endUnneeded();
        replication.sendAll();
      }
    } else {
      reads.refuseWithoutLeader();
    }
    return server.takeEffects();
  }
}
