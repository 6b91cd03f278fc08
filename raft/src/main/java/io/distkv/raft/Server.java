package io.distkv.raft;

import io.distkv.base.Randomness;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of a group member share: its term, log and role, and what it wants done.
 *
 * <p>Invariants: the term never falls; in a term it votes once; what {@link #afterPersist} was
 * given leaves only when all that was appended or decided before is durable; the commit index never
 * falls.
 */
final class Server {
  private final long id;
  private final RaftOptions options;
  private final Randomness random;
  private final RaftLog log;
  private final Memberships memberships;

  private long nowNanos;
  private Role role = Role.FOLLOWER;
  private HardState hardState;
  private long leader;
  private long committed;
  private Quorum quorum;

  private List<Effect> effects = new ArrayList<>();
  private List<Message> afterPersist = new ArrayList<>();

  /** Up to where the log was handed out to be made durable. */
  private long handedIndex;

  /** Whether no other server can have seen anything of this one's log or term. */
  private boolean alone;

  private long cutAfter = -1;
  private HardState handedHardState;
  private long toldCommitted;

  Server(
      long id,
      RaftOptions options,
      Randomness random,
      RaftLog log,
      Memberships memberships,
      Restored restored,
      long nowNanos) {
    this.id = id;
    this.options = options;
    this.random = random;
    this.log = log;
    this.memberships = memberships;
    hardState = restored.hardState();
    alone = restored.alone();
    this.nowNanos = nowNanos;
    handedHardState = alone ? HardState.NONE : hardState;
    handedIndex = log.lastIndex();
    committed = restored.committed();
    toldCommitted = committed;
    quorum = new Quorum(memberships.current().membership());
  }

  long id() {
    return id;
  }

  /**
   * Whether the group has never had another member as far as the disk knows. Nothing is sent to a
   * new one before the entry that brought it is durable: after a crash before that, this server
   * would lead its term again, and put other entries in the place of those it lost.
   */
  boolean isAlone() {
    return alone;
  }

  /** The log is durable up to an entry. */
  void durable(Position last) {
    log.durable(last);
    alone = alone && (membershipIndex() == 0 || membershipIndex() > log.durableIndex());
  }

  RaftOptions options() {
    return options;
  }

  RaftLog log() {
    return log;
  }

  long now() {
    return nowNanos;
  }

  /** Time goes on; a time before the last is taken for the last. */
  void advanceTo(long nanos) {
    if (nanos - nowNanos > 0) {
      nowNanos = nanos;
    }
  }

  /** A wait of at least one election timeout, at most two, so that two seldom stand at once. */
  long randomElectionNanos() {
    long timeout = options.electionTimeoutNanos();
    return timeout + Math.floorMod(random.nextLong(), timeout);
  }

  Role role() {
    return role;
  }

  boolean leads() {
    return role == Role.LEADER;
  }

  long term() {
    return hardState.term();
  }

  long vote() {
    return hardState.vote();
  }

  /** Who leads in this term; 0 if that is not known. */
  long leader() {
    return leader;
  }

  /** Enters a higher term, in which it has voted for nobody, or for itself. */
  void enterTerm(long term, long vote) {
    if (term <= term()) {
      throw new IllegalStateException("term " + term + " after " + term());
    }
    hardState = new HardState(term, vote);
  }

  /** Votes, for the first time in this term. */
  void voteFor(long candidate) {
    if (vote() != 0 && vote() != candidate) {
      throw new IllegalStateException("a second vote in term " + term());
    }
    hardState = new HardState(term(), candidate);
  }

  /** Takes a part; {@code newLeader} is 0 where nobody is known to lead. */
  void become(Role newRole, long newLeader) {
    role = newRole;
    leader = newLeader;
    effects.add(new Effect.RoleChanged(newRole, term(), newLeader));
  }

  Membership membership() {
    return memberships.current().membership();
  }

  /** Index of the entry that brought the membership. */
  long membershipIndex() {
    return memberships.current().index();
  }

  Membership membershipAt(long index) {
    return memberships.at(index);
  }

  /**
   * Whether this server may stand for election: also one that the newest membership leaves out, as
   * long as that is not known to be committed. It may be the only one to have the entry, and then
   * nobody else can win (thesis, section 4.2.2).
   */
  boolean mayStand() {
    return memberships.mayVote(id, committed);
  }

  Quorum quorum() {
    return quorum;
  }

  private void membershipChanged() {
    quorum = new Quorum(membership());
    effects.add(new Effect.MembershipChanged(membership()));
  }

  /** Puts an entry at the end of the log. A membership holds from here on (section 6). */
  void append(Entry entry) {
    log.append(entry);
    if (entry.kind() == Entry.Kind.MEMBERSHIP) {
      memberships.add(entry.index(), MembershipFormat.decode(entry.payload()));
      membershipChanged();
    }
  }

  /** Takes entries away that another leader's replace. */
  void truncateAfter(long index) {
    if (index < committed) {
      throw new IllegalStateException(
          "committed entries would be lost: " + committed + " is committed, not " + index);
    }
    log.truncateAfter(index);
    if (handedIndex > index) {
      handedIndex = index;
      cutAfter = cutAfter < 0 ? index : Math.min(cutAfter, index);
    }
    if (memberships.truncateAfter(index)) {
      membershipChanged();
    }
  }

  /** A snapshot has replaced state and log. */
  void restart(SnapshotInfo snapshot) {
    if (snapshot.last().index() < committed) {
      throw new IllegalStateException(
          "committed entries would be lost: " + committed + " is committed, not " + snapshot);
    }
    log.restartAfter(snapshot.last());
    memberships.restart(snapshot.last().index(), snapshot.membership());
    membershipChanged();
    handedIndex = log.lastIndex();
    cutAfter = -1;
    committed = handedIndex;
    toldCommitted = handedIndex;
  }

  long committed() {
    return committed;
  }

  /** The last entry that is known to be committed. */
  Position lastCommitted() {
    return new Position(log.term(committed), committed);
  }

  /** Entries up to an index are committed; of those, what the log has. */
  void commitUpTo(long index) {
    committed = Math.max(committed, Math.min(index, log.lastIndex()));
  }

  /**
   * Forgets entries that are applied and durable, but for those that followers may need.
   *
   * @param applied the last one that is applied
   * @param unneeded up to where every member is known to have everything
   */
  void forget(long applied, long unneeded) {
    log.forget(Math.min(applied, log.durableIndex()), unneeded, options.catchUpBytes());
    memberships.forgetBefore(log.base().index());
  }

  void add(Effect effect) {
    effects.add(effect);
  }

  /** Sends something that says nothing of what must be durable. */
  void send(Message message) {
    effects.add(new Effect.Send(message));
  }

  /**
   * Sends something once all is durable that was appended, cut or decided until the end of this
   * turn; to itself, too.
   */
  void sendAfterPersist(Message message) {
    afterPersist.add(message);
  }

  /** What the turn has brought, to be carried out in order. */
  List<Effect> takeEffects() {
    if (handedIndex < log.lastIndex()
        || cutAfter >= 0
        || mustPersistHardState()
        || !afterPersist.isEmpty()) {
      effects.addFirst(persist());
    }
    if (committed > toldCommitted) {
      toldCommitted = committed;
      effects.add(new Effect.Committed(committed));
    }
    List<Effect> taken = effects;
    effects = new ArrayList<>();
    return taken;
  }

  /** A server that is alone begins the same term again at each start: it need not remember it. */
  private boolean mustPersistHardState() {
    return !hardState.equals(handedHardState) && !(alone && membershipIndex() == 0);
  }

  private Effect.Persist persist() {
    @Nullable HardState changed = mustPersistHardState() ? hardState : null;
    List<Entry> entries =
        handedIndex < log.lastIndex() ? log.from(handedIndex + 1, Long.MAX_VALUE) : List.of();
    Effect.Persist persist =
        new Effect.Persist(cutAfter, entries, changed, log.last(), afterPersist);
    handedIndex = log.lastIndex();
    handedHardState = changed == null ? handedHardState : changed;
    cutAfter = -1;
    afterPersist = new ArrayList<>();
    return persist;
  }
}
