package io.distkv.raft;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/**
 * One server whose peers are played by the test: messages in, messages out. Its disk is as fast as
 * the test wants.
 */
final class Solo {
  static final long ME = 1;
  static final RaftOptions OPTIONS = TestGroup.OPTIONS;

  private final Raft raft;
  private final List<Effect.Persist> disk = new ArrayList<>();
  private final List<Effect> effects = new ArrayList<>();
  private List<Message> sent = new ArrayList<>();
  private boolean diskHeld;
  private long now = 5_000_000_000L;

  Solo(Restored restored) {
    this(restored, 1);
  }

  Solo(Restored restored, long seed) {
    raft = new Raft(ME, OPTIONS, new SeededRandomness(seed), restored, now);
  }

  /** A voter of so many, with an empty log. */
  static Solo ofVoters(int voters) {
    return new Solo(Restored.ofNew(voters(voters)));
  }

  /** A voter of so many, with entries of these terms in its log. */
  static Solo withLog(int voters, long... terms) {
    long last = terms.length == 0 ? 0 : terms[terms.length - 1];
    return new Solo(
        new Restored(new HardState(last, 0), Position.NONE, voters(voters), entries(1, terms)));
  }

  static Membership voters(int count) {
    long[] ids = new long[count];
    for (int i = 0; i < count; i++) {
      ids[i] = i + 1L;
    }
    return Membership.ofVoters(ids);
  }

  /** Entries of these terms, one after the other. */
  static List<Entry> entries(long first, long... terms) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < terms.length; i++) {
      byte[] payload = ("entry " + (first + i)).getBytes(UTF_8);
      entries.add(new Entry(terms[i], first + i, Entry.Kind.COMMAND, payload));
    }
    return entries;
  }

  Raft raft() {
    return raft;
  }

  long now() {
    return now;
  }

  /** From here on nothing becomes durable until {@link #releaseDisk}. */
  void holdDisk() {
    diskHeld = true;
  }

  void releaseDisk() {
    diskHeld = false;
    settle();
  }

  Solo receive(Message message) {
    raft.receive(message, now);
    settle();
    return this;
  }

  /** Passes time in one step. */
  Solo pass(long nanos) {
    now += nanos;
    raft.tick(now);
    settle();
    return this;
  }

  /** Passes more time than any election timeout. */
  Solo passElectionTimeout() {
    return pass(2 * OPTIONS.electionTimeoutNanos());
  }

  long propose(String command) {
    long index = raft.propose(command.getBytes(UTF_8), now);
    settle();
    return index;
  }

  void settle() {
    for (List<Effect> more = raft.takeEffects(); !more.isEmpty(); more = raft.takeEffects()) {
      for (Effect effect : more) {
        switch (effect) {
          case Effect.Send(Message message) -> sent.add(message);
          case Effect.Persist persist -> disk.add(persist);
          default -> effects.add(effect);
        }
      }
      while (!diskHeld && !disk.isEmpty()) {
        raft.persisted(disk.removeFirst(), now);
      }
    }
    while (!diskHeld && !disk.isEmpty()) {
      raft.persisted(disk.removeFirst(), now);
      settle();
    }
  }

  /** What was sent since the last call. */
  List<Message> sent() {
    List<Message> taken = sent;
    sent = new ArrayList<>();
    return taken;
  }

  /** What of one kind was sent since the last call; the rest is passed over. */
  <M extends Message> List<M> sent(Class<M> kind) {
    return sent().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Effects other than messages and writes, so far. */
  List<Effect> effects() {
    return effects;
  }

  /** What waits for the disk. */
  List<Effect.Persist> waiting() {
    return disk;
  }

  /** Makes it stand for election in the next term, a majority having said yes beforehand. */
  Solo stand() {
    passElectionTimeout();
    for (Message.PreVoteRequest request : sent(Message.PreVoteRequest.class)) {
      if (raft.role() == Role.PRE_CANDIDATE) {
        receive(new Message.PreVoteReply(request.to(), ME, request.term(), true));
      }
    }
    return this;
  }

  /** Makes it the leader of the next term. */
  Solo lead() {
    stand();
    for (Message.VoteRequest request : sent(Message.VoteRequest.class)) {
      if (raft.role() == Role.CANDIDATE) {
        receive(new Message.VoteReply(request.to(), ME, request.term(), true));
      }
    }
    return this;
  }

  /** A follower has everything up to an index. */
  Solo matched(long from, long index) {
    return receive(new Message.AppendReply(from, ME, raft.term(), index, 0));
  }
}
