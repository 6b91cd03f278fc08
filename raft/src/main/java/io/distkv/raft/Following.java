package io.distkv.raft;

import java.util.List;

/**
 * How a follower takes over the leader's log (Raft paper, section 5.3).
 *
 * <p>Entries are taken only behind one that both logs have; then both logs are the same up to
 * there, because an entry's index and term name it and all before it. What conflicts with the
 * leader's is cut off, and nothing else: a message that came late must not take away what a later
 * one brought.
 *
 * <p>An answer that says "I have it" leaves only when it is durable.
 */
final class Following {
  private final Server server;
  private long matchedByAll;
  private long agreedTerm;
  private long agreedIndex;

  Following(Server server) {
    this.server = server;
  }

  /** Entries from the leader of this term. */
  void append(Message.AppendRequest request) {
    RaftLog log = server.log();
    Position previous = request.previous();
    long round = request.round();
    if (previous.index() < log.base().index()) {
      // All up to the base is committed, and so the same: take what comes after it.
      long skip = log.base().index() - previous.index();
      if (request.entries().size() <= skip) {
        reply(request, log.base().index());
        return;
      }
      List<Entry> rest = request.entries().subList((int) skip, request.entries().size());
      take(rest, request);
      return;
    }
    if (!log.has(previous)) {
      Position hint = log.lastAtOrBefore(previous.index() - 1, previous.term());
      server.send(
          new Message.AppendRefusal(
              server.id(), request.from(), server.term(), previous.index(), hint, round));
      return;
    }
    take(request.entries(), request);
  }

  /** Takes entries whose place in the log is sure. */
  private void take(List<Entry> entries, Message.AppendRequest request) {
    long agreed = entries.isEmpty() ? request.previous().index() : entries.getLast().index();
    for (Entry entry : entries) {
      RaftLog log = server.log();
      if (log.knows(entry.index())) {
        if (log.term(entry.index()) == entry.term()) {
          continue;
        }
        server.truncateAfter(entry.index() - 1);
      }
      server.append(entry);
    }
    agree(agreed);
    learnCommitted(request.committed());
    reply(request, agreed);
  }

  /** The log is the same as that of the leader of this term, up to an index at least. */
  private void agree(long index) {
    agreedIndex = agreedTerm == server.term() ? Math.max(agreedIndex, index) : index;
    agreedTerm = server.term();
  }

  /** The leader of this term has said how far its log is committed. */
  void learnCommitted(long index) {
    if (agreedTerm == server.term()) {
      server.commitUpTo(Math.min(index, agreedIndex));
    }
  }

  private void reply(Message.AppendRequest to, long matched) {
    server.sendAfterPersist(
        new Message.AppendReply(server.id(), to.from(), server.term(), matched, to.round()));
  }

  /** Up to where the last leader knew that every member has everything. */
  long matchedByAll() {
    return matchedByAll;
  }

  /** The leader of this term is there. */
  void heartbeat(Message.Heartbeat heartbeat) {
    matchedByAll = heartbeat.matchedByAll();
    server.commitUpTo(heartbeat.committed());
    server.send(
        new Message.HeartbeatReply(
            server.id(), heartbeat.from(), server.term(), heartbeat.round()));
  }
}
