package io.distkv.raft;

/**
 * What a message does to a server, by the rules about terms (Raft paper, section 5.1): one of an
 * earlier term is answered with the later one or passed over, one of a later term is entered, and
 * who leads a term is followed by all others in it. What else a message says, the part that it is
 * for knows.
 */
final class Reception {
  private final Server server;
  private final Replication replication;
  private final Election election;
  private final Following following;
  private final Reads reads;
  private final Snapshots snapshots;

  Reception(
      Server server,
      Replication replication,
      Election election,
      Following following,
      Reads reads,
      Snapshots snapshots) {
    this.server = server;
    this.replication = replication;
    this.election = election;
    this.following = following;
    this.reads = reads;
    this.snapshots = snapshots;
  }

  /** A message for this server has come. */
  void receive(Message message) {
    if (message instanceof Message.PreVoteRequest request && election.isGone(request)) {
      election.sendAway(request);
      return;
    }
    if (server.leads() && !isUsualAnswer(message)) {
      replication.wake();
    }
    switch (message) {
      case Message.PreVoteRequest request -> {
        election.wake();
        election.asked(request);
      }
      case Message.PreVoteReply reply when reply.granted() -> election.answered(reply);
      case Message.VoteRequest request
          when request.term() > server.term() && !election.heeds(request) ->
          server.send(new Message.VoteReply(server.id(), request.from(), request.term(), false));
      default -> receiveInTerm(message);
    }
  }

  /** What a leader that goes to sleep still gets, and need not wake for. */
  private static boolean isUsualAnswer(Message message) {
    return message instanceof Message.HeartbeatReply || message instanceof Message.AppendReply;
  }

  private void receiveInTerm(Message message) {
    if (message.term() < server.term()) {
      tellTerm(message);
      return;
    }
    if (message.term() > server.term()) {
      server.enterTerm(message.term(), 0);
      stepDown(isLeaders(message) ? message.from() : 0);
    }
    if (isLeaders(message)) {
      meetLeader(message);
    }
    dispatch(message);
  }

  private static boolean isLeaders(Message message) {
    return message instanceof Message.AppendRequest
        || message instanceof Message.Heartbeat
        || message instanceof Message.SnapshotPiece
        || message instanceof Message.TimeoutNow;
  }

  private void meetLeader(Message message) {
    if (server.leads()) {
      throw new IllegalStateException(
          "servers " + server.id() + " and " + message.from() + " lead in term " + server.term());
    }
    if (server.role() != Role.FOLLOWER || server.leader() != message.from()) {
      stepDown(message.from());
    }
    boolean sleeps = message instanceof Message.Heartbeat heartbeat && maySleep(heartbeat);
    election.leaderHeard(sleeps);
  }

  private boolean maySleep(Message.Heartbeat heartbeat) {
    return heartbeat.sleep() && heartbeat.committed() == server.log().lastIndex();
  }

  /** Whoever is behind learns of the term: a leader that was replaced, or a candidate. */
  private void tellTerm(Message message) {
    if (message instanceof Message.VoteRequest) {
      server.send(new Message.VoteReply(server.id(), message.from(), server.term(), false));
    } else if (isLeaders(message)) {
      server.send(new Message.HeartbeatReply(server.id(), message.from(), server.term(), 0));
    }
  }

  private void dispatch(Message message) {
    switch (message) {
      case Message.VoteRequest request -> election.asked(request);
      case Message.VoteReply reply -> election.answered(reply);
      case Message.PreVoteReply reply -> election.answered(reply);
      case Message.AppendRequest request -> {
        if (!snapshots.isInstalling()) {
          following.append(request);
        }
      }
      case Message.Heartbeat heartbeat -> {
        following.heartbeat(heartbeat);
        reads.leaderHeard();
      }
      case Message.SnapshotPiece piece -> snapshots.piece(piece);
      case Message.TimeoutNow _ -> election.stand(true);
      case Message.ReadIndexRequest request -> reads.asked(request);
      case Message.ReadIndexReply reply -> {
        following.learnCommitted(reply.index());
        reads.answered(reply);
      }
      case Message.AppendReply _,
          Message.AppendRefusal _,
          Message.HeartbeatReply _,
          Message.SnapshotReply _ -> {
        if (server.leads()) {
          answered(message);
        }
      }
      case Message.PreVoteRequest _ -> throw new IllegalStateException("not in a term");
    }
  }

  private void answered(Message message) {
    switch (message) {
      case Message.AppendReply reply -> replication.answered(reply);
      case Message.AppendRefusal refusal -> replication.refused(refusal);
      case Message.HeartbeatReply reply -> replication.answered(reply);
      case Message.SnapshotReply reply -> snapshots.answered(reply);
      default -> throw new IllegalStateException("no answer: " + message);
    }
  }

  /** Follows somebody, or waits for somebody to follow; in this term or one just entered. */
  void stepDown(long leader) {
    reads.refuseAll();
    snapshots.endAll();
    election.follow(leader);
  }
}
