package io.distkv.raft;

import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a leader brings its log to the others (Raft paper, sections 5.3 and 5.4.2).
 *
 * <p>Entries are sent as they come, without waiting for the answers to those before ({@link
 * Progress}), and while the leader's own disk is still writing them (thesis, section 10.2.1): its
 * own log counts for a commit like any other, from when it is durable. Heartbeats are messages of
 * their own, which no disk holds up on either side: a slow disk alone never looks like a dead
 * leader.
 *
 * <p>Invariants: an entry is committed by counting only if it is of the leader's term; those before
 * it are committed with it. A leader never changes or takes away entries of its own log. What a
 * follower has matched is durable there.
 *
 * <p>A leader begins its term with an entry that does nothing. Once that is committed, it knows
 * what is: before, it may serve no read.
 */
final class Replication {
  private static final int ROUNDS = 64;

  private final Server server;
  private final SortedMap<Long, Progress> others = new TreeMap<>();

  /** When each of the newest rounds of heartbeats was sent, by its number modulo their count. */
  private final long[] sentNanos = new long[ROUNDS];

  private long round;
  private long firstIndex;
  private long nextHeartbeatNanos;
  private long uncommittedBytes;
  private long busyNanos;
  private boolean asleep;

  Replication(Server server) {
    this.server = server;
  }

  /** Begins to lead. */
  void start() {
    others.clear();
    firstIndex = server.log().lastIndex() + 1;
    uncommittedBytes = server.log().weightBetween(server.committed(), server.log().lastIndex());
    server.become(Role.LEADER, server.id());
    meetMembers();
    append(Entry.Kind.NOOP, new byte[0]);
    heartbeat(false);
  }

  /** Goes on to lead a group that has never had another member: knows what is committed. */
  void startAlone() {
    server.become(Role.LEADER, server.id());
  }

  /** The members have changed, or are new to this leader. */
  void meetMembers() {
    Membership membership = server.membership();
    others.keySet().removeIf(id -> membership.member(id).isEmpty());
    for (Member member : membership.members()) {
      if (member.id() != server.id()) {
        others.computeIfAbsent(
            member.id(),
            id ->
                new Progress(
                    id,
                    server.log().lastIndex() + 1,
                    server.options().windowBytes(),
                    server.now()));
      }
    }
  }

  Collection<Progress> others() {
    return others.values();
  }

  @Nullable Progress progress(long id) {
    return others.get(id);
  }

  /**
   * Whether entries that are not committed, those of earlier leaders included, take so much memory
   * that no more are taken.
   */
  boolean isFull(long bytes) {
    return uncommittedBytes > 0 && uncommittedBytes + bytes > server.options().uncommittedBytes();
  }

  /** Puts an entry at the end of the leader's log; it leaves at the end of the turn. */
  long append(Entry.Kind kind, byte[] payload) {
    Entry entry = new Entry(server.term(), server.log().lastIndex() + 1, kind, payload);
    server.append(entry);
    uncommittedBytes += entry.weightBytes();
    busyNanos = server.now();
    return entry.index();
  }

  /** Whether an entry of this leader's term is committed, so that it knows what is. */
  boolean knowsCommitted() {
    return server.committed() >= firstIndex;
  }

  /** Whether nothing is under way, and has not been for a while. */
  boolean isQuiet() {
    long quietNanos = server.options().quietNanos();
    return quietNanos > 0
        && server.now() - busyNanos >= quietNanos
        && server.committed() == server.log().lastIndex()
        && server.log().durableIndex() == server.log().lastIndex()
        && others.values().stream()
            .allMatch(each -> each.matched() == server.log().lastIndex() && each.isAnswered());
  }

  /** Up to where every member has everything. */
  long lowestMatched() {
    long lowest = server.log().durableIndex();
    for (Progress each : others.values()) {
      lowest = Math.min(lowest, each.unneeded());
    }
    return lowest;
  }

  /** Whether the last heartbeat has told the others to wait for no more. */
  boolean asleep() {
    return asleep;
  }

  /** Something happens: the group does not go quiet for a while, and wakes if it sleeps. */
  void wake() {
    busyNanos = server.now();
    if (asleep) {
      // Nobody was to show that it is there meanwhile.
      others.values().forEach(each -> each.awaitAnew(server.now()));
      heartbeat(false);
    }
  }

  long nextHeartbeatNanos() {
    return nextHeartbeatNanos;
  }

  /** Number of the newest round of heartbeats. */
  long round() {
    return round;
  }

  /**
   * Sends a round of heartbeats. Its number comes back with the answers: who confirms it knew no
   * later term when it did.
   */
  void heartbeat(boolean sleep) {
    asleep = sleep;
    round++;
    sentNanos[(int) (round % ROUNDS)] = server.now();
    nextHeartbeatNanos = server.now() + server.options().heartbeatNanos();
    if (server.isAlone()) {
      return;
    }
    for (Progress each : others.values()) {
      server.send(
          new Message.Heartbeat(
              server.id(),
              each.id(),
              server.term(),
              Math.min(server.committed(), each.matched()),
              round,
              lowestMatched(),
              sleep));
    }
  }

  /** The newest round that a quorum has confirmed; the leader confirms its own. */
  long confirmedRound() {
    return server
        .quorum()
        .reached(id -> {
          Progress progress = others.get(id);
          return id == server.id() ? round : progress == null ? 0 : progress.confirmedRound();
        });
  }

  /**
   * When the newest round that a quorum has confirmed was sent; {@link Raft#NEVER} if there is
   * none, or it is not known any more.
   */
  long confirmedNanos() {
    long confirmed = confirmedRound();
    boolean known = confirmed > 0 && round - confirmed < ROUNDS;
    return known ? sentNanos[(int) (confirmed % ROUNDS)] : Raft.NEVER;
  }

  /** Whether a quorum was heard of in the last election timeout (thesis, section 6.2). */
  boolean hearsQuorum() {
    long since = server.now() - server.options().electionTimeoutNanos();
    return server
            .quorum()
            .reached(id -> {
              Progress progress = others.get(id);
              boolean heard =
                  id == server.id() || (progress != null && progress.heardNanos() - since > 0);
              return heard ? 1 : 0;
            })
        > 0;
  }

  /** Sends every follower what it may be sent. */
  void sendAll() {
    if (server.isAlone()) {
      return;
    }
    for (Progress each : others.values()) {
      while (each.maySend() && (each.next() <= server.log().lastIndex() || mustProbe(each))) {
        if (!send(each)) {
          break;
        }
      }
    }
  }

  /** Where the logs agree is found out even if there is nothing to send. */
  private static boolean mustProbe(Progress progress) {
    return progress.state() == Progress.State.PROBE;
  }

  /**
   * Sends the next entries.
   *
   * @return false if they are gone, and a snapshot is needed
   */
  private boolean send(Progress to) {
    long previous = to.next() - 1;
    if (previous < server.log().base().index()) {
      server.add(new Effect.OpenSnapshot(to.id()));
      to.snapshot(Long.MAX_VALUE);
      return false;
    }
    List<Entry> entries =
        to.next() > server.log().lastIndex()
            ? List.of()
            : server.log().from(to.next(), server.options().messageBytes());
    sendAppend(to, previous, entries);
    long last = previous + entries.size();
    to.sent(last, server.log().weightBetween(previous, last), round);
    return true;
  }

  private void sendAppend(Progress to, long previous, List<Entry> entries) {
    server.send(
        new Message.AppendRequest(
            server.id(),
            to.id(),
            server.term(),
            new Position(server.log().term(previous), previous),
            entries,
            server.committed(),
            round));
  }

  void answered(Message.AppendReply reply) {
    Progress from = heard(reply.from(), reply.round());
    if (from != null && from.agreed(Math.min(reply.matched(), server.log().lastIndex()))) {
      count();
    }
  }

  void refused(Message.AppendRefusal refusal) {
    Progress from = heard(refusal.from(), refusal.round());
    if (from != null) {
      // What the follower's hint says of its log may not be in this one: find where they can agree.
      Position hint = refusal.hint();
      long mayAgree = server.log().lastAtOrBefore(hint.index(), hint.term()).index();
      from.refused(refusal.asked(), mayAgree);
    }
  }

  void answered(Message.HeartbeatReply reply) {
    Progress from = heard(reply.from(), reply.round());
    if (from == null || !from.isOverdue(reply.round())) {
      return;
    }
    // What was sent may be lost. An answer to nothing tells: a refusal, if it is.
    long previous = from.next() - 1;
    if (server.log().knows(previous)) {
      sendAppend(from, previous, List.of());
      from.askedAgain(round);
    } else {
      from.probe();
    }
  }

  /** Something came from a member in this term; null if it is none. */
  private @Nullable Progress heard(long id, long confirmed) {
    Progress from = others.get(id);
    if (from != null) {
      from.heard(server.now(), confirmed);
    }
    return from;
  }

  /** Sees how far a quorum has got, this server's own durable log included. */
  void count() {
    long before = server.committed();
    long reached =
        server
            .quorum()
            .reached(id -> {
              Progress progress = others.get(id);
              return id == server.id()
                  ? server.log().durableIndex()
                  : progress == null ? 0 : progress.matched();
            });
    if (reached > before && server.log().term(reached) == server.term()) {
      uncommittedBytes -= server.log().weightBetween(before, reached);
      server.commitUpTo(reached);
      busyNanos = server.now();
    }
  }
}
