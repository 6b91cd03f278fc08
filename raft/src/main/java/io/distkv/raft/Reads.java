package io.distkv.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Reads that are linearizable and write nothing (Raft paper, section 8; thesis, section 6.4).
 *
 * <p>The leader notes its commit index when the read comes, and makes sure that it was still the
 * leader then; the read may be served as soon as that index is applied. It knows that it was the
 * leader
 *
 * <ul>
 *   <li>by a <em>round</em>: a quorum confirms heartbeats that were sent after the read came. One
 *       round serves all reads that came before it. One at a time is begun for reads; those that
 *       come meanwhile wait for the next, which begins when that is confirmed, or is that of the
 *       next heartbeat. So a flood of reads makes a round each time a message has gone there and
 *       back, and a read waits for two of those at most;
 *   <li>by the <em>lease</em>: a quorum has confirmed heartbeats that were sent less than an
 *       election timeout ago, less what clocks may drift, and each of that quorum helps nobody else
 *       for so long. The leader looks at its clock when it serves the read, so that one that was
 *       stopped for a while, and has been replaced, finds its lease gone.
 * </ul>
 *
 * <p>A follower asks the leader for the index, and serves the read itself. A question or its answer
 * may be lost: as long as the leader shows itself, the follower asks again, some reads at a time;
 * as soon as it knows no leader, it refuses them. A leader that is so new that it does not know
 * what is committed lets reads wait until it does.
 *
 * <p>A leader that has told another to stand has no lease any more in its term: that candidate's
 * voters do not protect it, and the request may arrive late. Nor has one that is no voter in the
 * membership to be: the only voter there waits for nobody before it stands.
 *
 * <p>Rejected: putting reads into the log, a sync for each; trusting the wall clock, which jumps.
 */
final class Reads {
  /** How many reads are asked for again for one heartbeat. */
  private static final int ASKED_AGAIN = 64;

  private final Server server;
  private final Replication replication;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final List<Early> early = new ArrayList<>();

  /** The reads that the leader was asked for, and when it was last, oldest first. */
  private final SequencedMap<Long, Long> asked = new LinkedHashMap<>();

  private boolean leaseGivenUp;

  /** The last round that was begun for the sake of reads. */
  private long begunRound;

  /**
   * A read on the leader that waits for a round.
   *
   * @param from id of the server that asked
   * @param read as it called it
   * @param round that must be confirmed
   * @param index that must be applied
   */
  private record Waiting(long from, long read, long round, long index) {}

  /** A read that came before the leader knew what is committed. */
  private record Early(long from, long read) {}

  Reads(Server server, Replication replication) {
    this.server = server;
    this.replication = replication;
  }

  /** Begins a term as leader, with a lease to be earned. */
  void start() {
    leaseGivenUp = false;
    begunRound = 0;
  }

  /** From here on another may be elected at any time. */
  void giveUpLease() {
    leaseGivenUp = true;
  }

  /** Whether no other server can be leader now. */
  boolean hasLease() {
    long end = leaseEndNanos();
    return end == Raft.ALWAYS || (end != Raft.NEVER && server.now() - end < 0);
  }

  /** Up to when no other server can be leader; as {@link Raft#readableUntilNanos}. */
  long leaseEndNanos() {
    if (leaseGivenUp || !server.membership().votesAfter(server.id())) {
      return Raft.NEVER;
    }
    if (server.membership().isOnlyVoter(server.id())) {
      return Raft.ALWAYS;
    }
    long sentNanos = replication.confirmedNanos();
    return sentNanos == Raft.NEVER ? Raft.NEVER : sentNanos + server.options().leaseNanos();
  }

  /** A read of this server's owner. */
  void read(long read) {
    if (server.leads()) {
      serve(server.id(), read);
    } else if (server.leader() == 0) {
      server.add(new Effect.ReadRefused(read));
    } else {
      ask(read);
    }
  }

  private void ask(long read) {
    asked.putLast(read, server.now());
    server.send(new Message.ReadIndexRequest(server.id(), server.leader(), server.term(), read));
  }

  /** The leader has shown itself: what it should have answered by now, it may not have got. */
  void leaderHeard() {
    for (int left = ASKED_AGAIN; left > 0 && !asked.isEmpty(); left--) {
      Map.Entry<Long, Long> oldest = asked.firstEntry();
      if (server.now() - oldest.getValue() < 2 * server.options().heartbeatNanos()) {
        return;
      }
      ask(oldest.getKey());
    }
  }

  /** What a server that does not lead has asked somebody who is gone will not be answered. */
  void refuseWithoutLeader() {
    if (server.leader() == 0) {
      refuseAll();
    }
  }

  /** A follower's read. */
  void asked(Message.ReadIndexRequest request) {
    if (server.leads()) {
      serve(request.from(), request.context());
    } else {
      refuse(request.from(), request.context());
    }
  }

  private void serve(long from, long read) {
    if (!replication.knowsCommitted()) {
      early.add(new Early(from, read));
    } else if (hasLease()) {
      answer(from, read, server.committed());
    } else {
      waiting.add(new Waiting(from, read, replication.round() + 1, server.committed()));
    }
  }

  /** The leader may know now what is committed, or a round may have been confirmed. */
  void goOn() {
    if (!early.isEmpty() && replication.knowsCommitted()) {
      List<Early> served = List.copyOf(early);
      early.clear();
      served.forEach(each -> serve(each.from(), each.read()));
    }
    answerConfirmed();
    if (needRound()) {
      replication.heartbeat(false);
      begunRound = replication.round();
      // The only voter confirms its own rounds.
      answerConfirmed();
    }
  }

  /**
   * Whether reads wait for a round that has not been sent, and none that they need is under way.
   */
  private boolean needRound() {
    return !waiting.isEmpty()
        && waiting.getLast().round() > replication.round()
        && replication.confirmedRound() >= begunRound;
  }

  private void answerConfirmed() {
    if (waiting.isEmpty()) {
      return;
    }
    long confirmed = replication.confirmedRound();
    for (Waiting next = waiting.peek();
        next != null && next.round() <= confirmed;
        next = waiting.peek()) {
      waiting.remove();
      answer(next.from(), next.read(), next.index());
    }
  }

  private void answer(long to, long read, long index) {
    if (to != server.id()) {
      server.send(new Message.ReadIndexReply(server.id(), to, server.term(), read, index));
    } else {
      server.add(new Effect.ReadReady(read, index));
    }
  }

  private void refuse(long to, long read) {
    if (to != server.id()) {
      server.send(
          new Message.ReadIndexReply(
              server.id(), to, server.term(), read, Message.ReadIndexReply.CANNOT_TELL));
    } else {
      server.add(new Effect.ReadRefused(read));
    }
  }

  /** The leader's answer to a read of this server's owner. */
  void answered(Message.ReadIndexReply reply) {
    if (asked.remove(reply.context()) == null) {
      return;
    }
    if (reply.index() == Message.ReadIndexReply.CANNOT_TELL) {
      refuse(server.id(), reply.context());
    } else {
      answer(server.id(), reply.context(), reply.index());
    }
  }

  /** The leader has changed, or is lost: no answer is to be waited for. */
  void refuseAll() {
    waiting.forEach(each -> refuse(each.from(), each.read()));
    waiting.clear();
    early.forEach(each -> refuse(each.from(), each.read()));
    early.clear();
    asked.keySet().forEach(read -> server.add(new Effect.ReadRefused(read)));
    asked.clear();
  }
}
