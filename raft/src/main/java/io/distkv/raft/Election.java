package io.distkv.raft;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who leads (Raft paper, sections 5.2 and 5.4.1; thesis, sections 4.2.3 and 9.6).
 *
 * <p>A voter that has heard of no leader for a random time of one to two election timeouts first
 * asks whether it could win: the <em>pre-vote</em>. Only if a quorum says yes does it raise its
 * term and stand. A server says yes, to either question, if the candidate's log has all that its
 * own has, and if it has itself heard of no leader for an election timeout. The second condition
 * does three things: a server that was cut off disturbs nobody when it comes back; nor does one
 * that was removed and does not know it; and a leader whose heartbeats a quorum has just confirmed
 * knows that no other can be elected for so long, which is its lease ({@link Reads}). A server that
 * has just started has promised it may not know what: it counts its start as hearing of a leader.
 *
 * <p>An answer to a heartbeat, and a refusal of entries, may leave before the term that they are in
 * is durable. What a crash then takes back is the term, and nothing that the leader of it counts
 * on. It counts on the answer for two things. That its sender knew of no later term then: so it
 * was, and a vote in a later one would have been durable before it counted. And that its sender
 * helps nobody else for an election timeout: the start renews that. The doors that remain are
 * earlier terms, or the same one, with a request that the wish of an earlier leader exempts: but
 * nobody can win those, because the quorum that elected this leader has voted in its term, durably,
 * and votes no more in it nor below.
 *
 * <p>A leader that the old leader itself asked to stand passes over that condition, and the old one
 * gives up its lease before it asks.
 *
 * <p>A server that was removed is sent nothing any more, not even the entry that removes it, and
 * would ask for ever. Whoever knows that a membership without it is committed, and that it lacks
 * something committed, tells it so and goes on sleeping. That server cannot win, now or later,
 * before a leader has sent it something: so it sleeps until then, whether or not it is a member
 * again by now, and whenever the answer reaches it.
 *
 * <p>Invariants: at most one leader a term, because a server votes once in it, durably before
 * anybody hears of it, the candidate's own vote included; a leader's log has every entry that was
 * committed in an earlier term, because a quorum that has it and one that votes have a server in
 * common.
 *
 * <p>Rejected: dropping a request for a vote instead of refusing it, in the candidate's own term if
 * that is higher. The candidate would learn of the higher term, of the leader that others hear of,
 * or of its own hopeless log, only by another timeout. Letting the leader send to removed servers
 * until they have the entry: it would have to remember for how long, and one that is down
 * meanwhile, or whose leader dies, would never hear of it.
 */
final class Election {
  private final Server server;
  private final Runnable whenWon;
  private final SortedMap<Long, Long> votes = new TreeMap<>();
  private long deadlineNanos;
  private long leaderHeardNanos;
  private boolean asleep;

  /**
   * @param whenWon makes this server the leader of its term
   */
  Election(Server server, Runnable whenWon) {
    this.server = server;
    this.whenWon = whenWon;
    leaderHeardNanos = server.now();
    resetDeadline();
  }

  /** When {@link #tick} has something to do; never while the group sleeps. */
  long deadlineNanos() {
    return deadlineNanos;
  }

  boolean asleep() {
    return asleep;
  }

  private void resetDeadline() {
    deadlineNanos = server.now() + server.randomElectionNanos();
  }

  /** The leader of the term has shown itself. */
  void leaderHeard(boolean sleeps) {
    leaderHeardNanos = server.now();
    asleep = sleeps;
    resetDeadline();
  }

  /** The leader may be gone: whoever slept waits for it again. */
  void wake() {
    if (asleep) {
      asleep = false;
      resetDeadline();
    }
  }

  /** Whether a leader may still count on this server. */
  private boolean protectsLeader() {
    return server.now() - leaderHeardNanos < server.options().electionTimeoutNanos();
  }

  /** Time has passed, on a server that does not lead. */
  void tick() {
    if (asleep || server.leads()) {
      return;
    }
    if (!server.mayStand()) {
      callForLeader();
      return;
    }
    boolean waitsForNobody =
        server.membership().isOnlyVoter(server.id()) && server.role() == Role.FOLLOWER;
    if (waitsForNobody || server.now() - deadlineNanos >= 0) {
      ask();
    }
  }

  /** Asks whether an election could be won. */
  private void ask() {
    resetDeadline();
    server.become(Role.PRE_CANDIDATE, 0);
    votes.clear();
    votes.put(server.id(), 1L); // counted only where it has a vote
    askVoters();
    if (outcome() == Quorum.Outcome.WON) {
      stand(false);
    }
  }

  private void askVoters() {
    for (Member member : server.membership().members()) {
      if (member.votes() && member.id() != server.id()) {
        server.send(
            new Message.PreVoteRequest(
                server.id(), member.id(), server.term() + 1, server.log().last()));
      }
    }
  }

  /**
   * A member without a vote asks, too: it stays a follower and counts no answer, but the question
   * wakes a group that sleeps. Else one that has just started, and has forgotten what it knew to be
   * committed, would not be told.
   */
  private void callForLeader() {
    boolean isMember = server.membership().member(server.id()).isPresent();
    if (isMember && server.now() - deadlineNanos >= 0) {
      resetDeadline();
      askVoters();
    }
  }

  /** Stands for election in the next term. */
  void stand(boolean byTransfer) {
    if (!server.mayStand()) {
      return;
    }
    asleep = false;
    server.enterTerm(server.term() + 1, server.id());
    server.become(Role.CANDIDATE, 0);
    votes.clear();
    resetDeadline();
    for (Member member : server.membership().members()) {
      if (member.id() == server.id()) {
        // Counts once it is durable, like anybody's.
        server.sendAfterPersist(
            new Message.VoteReply(server.id(), server.id(), server.term(), true));
      } else if (member.votes()) {
        server.sendAfterPersist(
            new Message.VoteRequest(
                server.id(), member.id(), server.term(), server.log().last(), byTransfer));
      }
    }
  }

  /** Follows whoever leads in the term that has just begun, or somebody who does in this one. */
  void follow(long leader) {
    votes.clear();
    server.become(Role.FOLLOWER, leader);
  }

  void asked(Message.PreVoteRequest request) {
    boolean granted =
        request.term() > server.term()
            && !protectsLeader()
            && !server.leads()
            && request.last().isAtLeast(server.log().last());
    server.send(
        new Message.PreVoteReply(
            server.id(), request.from(), granted ? request.term() : server.term(), granted));
  }

  /** Whether a server that asks is no member any more, and cannot win. */
  boolean isGone(Message.PreVoteRequest request) {
    return server.membershipIndex() <= server.committed()
        && server.membership().member(request.from()).isEmpty()
        && !request.last().isAtLeast(server.lastCommitted());
  }

  /** Tells a server that is gone. */
  void sendAway(Message.PreVoteRequest request) {
    server.send(
        new Message.PreVoteReply(
            server.id(), request.from(), server.term(), false, server.lastCommitted()));
  }

  void answered(Message.PreVoteReply reply) {
    if (server.leader() == 0 && !server.log().last().isAtLeast(reply.missing())) {
      if (server.role() != Role.FOLLOWER) {
        follow(0);
      }
      asleep = true;
      return;
    }
    if (server.role() != Role.PRE_CANDIDATE
        || (reply.granted() && reply.term() != server.term() + 1)) {
      return;
    }
    votes.put(reply.from(), reply.granted() ? 1L : -1L);
    switch (outcome()) {
      case WON -> stand(false);
      case LOST -> follow(0);
      case PENDING -> {}
    }
  }

  /**
   * Whether a request for a vote in a higher term may make this server enter that term: not while
   * it helps another leader.
   */
  boolean heeds(Message.VoteRequest request) {
    return request.transfer() || (!protectsLeader() && !server.leads());
  }

  /** In the request's own term, or in a higher one. */
  void asked(Message.VoteRequest request) {
    boolean free = server.vote() == 0 || server.vote() == request.from();
    boolean granted =
        request.term() == server.term() && free && request.last().isAtLeast(server.log().last());
    if (granted) {
      server.voteFor(request.from());
      resetDeadline();
      if (server.role() == Role.PRE_CANDIDATE) {
        follow(0);
      }
    }
    server.sendAfterPersist(
        new Message.VoteReply(server.id(), request.from(), server.term(), granted));
  }

  void answered(Message.VoteReply reply) {
    if (server.role() != Role.CANDIDATE || reply.term() != server.term()) {
      return;
    }
    votes.put(reply.from(), reply.granted() ? 1L : -1L);
    switch (outcome()) {
      case WON -> whenWon.run();
      case LOST -> follow(0);
      case PENDING -> {}
    }
  }

  private Quorum.Outcome outcome() {
    return server.quorum().outcome(id -> votes.getOrDefault(id, 0L));
  }
}
