package io.distkv.bench.part;

import io.distkv.raft.Effect;
import io.distkv.raft.Membership;
import io.distkv.raft.Message;
import io.distkv.raft.Position;
import io.distkv.raft.Raft;
import io.distkv.raft.RaftOptions;
import io.distkv.raft.Restored;
import io.distkv.raft.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the consensus core takes for a proposal from its start until it is committed, with 256 in
 * flight: on one thread, so that time is processor time. An allocation includes the entry: a
 * payload of 256 bytes and the record around it, 304 bytes together with compact object headers.
 */
public class RaftCoreBenchmark {
  private static final int IN_FLIGHT = 256;
  private static final int PAYLOAD_BYTES = 256;
  private static final int PER_INVOCATION = 4096;
  private static final long ELECTION_STEP_NANOS = 10_000_000;

  /** Three servers; the leader takes so many proposals in a turn. */
  @State(Scope.Thread)
  public static class Group {
    /** With 256 all wait for the same answer; with less, so many messages are on their way. */
    @Param({"256", "16", "1"})
    public int perTurn;

    @SuppressWarnings("NullAway.Init")
    private MemoryGroup group;

    @SuppressWarnings("NullAway.Init")
    private MemoryGroup.Server leader;

    private long wanted;

    /** Elects a leader. */
    @Setup
    public void elect() {
      long now = System.nanoTime();
      // There and back, and the turn in between: as many turns as proposals of a turn fit.
      group = new MemoryGroup(RaftOptions.DEFAULT, IN_FLIGHT / perTurn / 2, 1, now);
      while (!group.agrees()) {
        now += ELECTION_STEP_NANOS;
        group.tick(now);
      }
      leader = group.leader();
      wanted = leader.applied();
    }

    private void commit() {
      wanted += PER_INVOCATION;
      while (leader.applied() < wanted) {
        long now = System.nanoTime();
        for (MemoryGroup.Server each : group.servers()) {
          each.receive(now);
          if (each == leader) {
            propose(now);
          }
          each.raft().tick(now);
          each.carryOut(now);
        }
      }
    }

    private void propose(long now) {
      Raft raft = leader.raft();
      long most = Math.min(raft.last().index() + perTurn, leader.applied() + IN_FLIGHT);
      while (raft.last().index() < most) {
        raft.propose(new byte[PAYLOAD_BYTES], now);
      }
    }
  }

  /** A leader whose followers have everything at once, at no cost but their answers'. */
  @State(Scope.Thread)
  public static class Leader {
    private final Raft raft =
        new Raft(
            1,
            RaftOptions.DEFAULT,
            new SplittableRandom(1)::nextLong,
            Restored.ofNew(Membership.ofVoters(1, 2, 3)),
            System.nanoTime());
    private final List<Message> answers = new ArrayList<>();
    private long committed;

    /** Elects it. */
    @Setup
    public void elect() {
      long now = System.nanoTime();
      while (raft.role() != Role.LEADER || committed < raft.last().index()) {
        now += ELECTION_STEP_NANOS;
        raft.tick(now);
        turn(now);
      }
    }

    private void commit() {
      for (int left = PER_INVOCATION; left > 0; left -= IN_FLIGHT) {
        long now = System.nanoTime();
        for (int i = 0; i < IN_FLIGHT; i++) {
          raft.propose(new byte[PAYLOAD_BYTES], now);
        }
        raft.tick(now);
        turn(now);
      }
      if (committed < raft.last().index()) {
        throw new IllegalStateException("only " + committed + " of " + raft.last());
      }
    }

    private void turn(long now) {
      takeEffects(now);
      while (!answers.isEmpty()) {
        for (int i = 0; i < answers.size(); i++) {
          raft.receive(answers.get(i), now);
        }
        answers.clear();
        takeEffects(now);
      }
      raft.applied(committed);
    }

    private void takeEffects(long now) {
      List<Effect> effects = raft.takeEffects();
      for (int i = 0; i < effects.size(); i++) {
        switch (effects.get(i)) {
          case Effect.Send(Message message) -> answer(message);
          case Effect.Persist persist -> raft.persisted(persist, now);
          case Effect.Committed(long index) -> committed = index;
          default -> {}
        }
      }
    }

    private void answer(Message message) {
      long from = message.to();
      long to = message.from();
      long term = message.term();
      switch (message) {
        case Message.PreVoteRequest _ ->
            answers.add(new Message.PreVoteReply(from, to, term, true, Position.NONE));
        case Message.VoteRequest _ -> answers.add(new Message.VoteReply(from, to, term, true));
        case Message.AppendRequest request ->
            answers.add(
                new Message.AppendReply(
                    from,
                    to,
                    term,
                    request.previous().index() + request.entries().size(),
                    request.round()));
        case Message.Heartbeat heartbeat ->
            answers.add(new Message.HeartbeatReply(from, to, term, heartbeat.round()));
        default -> throw new IllegalStateException("not of this benchmark: " + message);
      }
    }
  }

  /** A proposal committed by three servers: their time together. */
  @Benchmark
  @OperationsPerInvocation(PER_INVOCATION)
  public void threeReplicas(Group group) {
    group.commit();
  }

  /** A proposal committed by a leader: its time alone. */
  @Benchmark
  @OperationsPerInvocation(PER_INVOCATION)
  public void leader(Leader leader) {
    leader.commit();
  }
}
