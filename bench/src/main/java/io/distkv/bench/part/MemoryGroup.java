package io.distkv.bench.part;

import io.distkv.raft.Effect;
import io.distkv.raft.Membership;
import io.distkv.raft.Message;
import io.distkv.raft.Raft;
import io.distkv.raft.RaftOptions;
import io.distkv.raft.Restored;
import io.distkv.raft.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Three servers of a group in memory, on one thread. A server's turn is that of a lane: it receives
 * all that waits, its effects are carried out, what is to be durable is so at the turn's end, and
 * what that brings is carried out, too. Messages are handed over as they are.
 */
final class MemoryGroup {
  static final int SERVERS = 3;

  private final List<Server> servers = new ArrayList<>();
  private final int flightTurns;

  /**
   * @param flightTurns how many turns of its receiver a message takes longer than until the next
   */
  MemoryGroup(RaftOptions options, int flightTurns, long seed, long nowNanos) {
    this.flightTurns = flightTurns;
    Membership membership = Membership.ofVoters(1, 2, 3);
    for (long id = 1; id <= SERVERS; id++) {
      SplittableRandom random = new SplittableRandom(SERVERS * seed + id);
      servers.add(
          new Server(
              new Raft(id, options, random::nextLong, Restored.ofNew(membership), nowNanos)));
    }
  }

  List<Server> servers() {
    return servers;
  }

  /** Whether one leads and all have what it has. */
  boolean agrees() {
    long leaders = servers.stream().filter(each -> each.raft.role() == Role.LEADER).count();
    long last = servers.getFirst().raft.last().index();
    return leaders == 1 && servers.stream().allMatch(each -> each.applied == last);
  }

  Server leader() {
    return servers.stream()
        .filter(each -> each.raft.role() == Role.LEADER)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("nobody leads"));
  }

  /** Lets time pass for all, and then everything happen that needs none. */
  void tick(long nowNanos) {
    for (Server each : servers) {
      each.raft.tick(nowNanos);
      each.carryOut(nowNanos);
    }
    settle(nowNanos);
  }

  /** Turns until nothing is on its way. */
  void settle(long nowNanos) {
    boolean more = true;
    while (more) {
      more = false;
      for (Server each : servers) {
        if (each.waiting > 0) {
          each.turn(nowNanos);
          more = true;
        }
      }
    }
  }

  /** One server, and what is on its way to it. */
  final class Server {
    private final Raft raft;

    /** By the turn in which they arrive, modulo their number. */
    private final List<ArrayList<Message>> arriving = new ArrayList<>();

    private final List<Effect.Persist> writing = new ArrayList<>();
    private int turn;
    private int waiting;
    private long applied;
    private long appliedBytes;

    Server(Raft raft) {
      this.raft = raft;
      for (int i = 0; i <= flightTurns; i++) {
        arriving.add(new ArrayList<>(0));
      }
    }

    Raft raft() {
      return raft;
    }

    /** Index of the last entry that was committed and read. */
    long applied() {
      return applied;
    }

    /** Sum of the sizes of all payloads that were committed and read. */
    long appliedBytes() {
      return appliedBytes;
    }

    void turn(long nowNanos) {
      receive(nowNanos);
      carryOut(nowNanos);
    }

    /** Receives all that waits. */
    void receive(long nowNanos) {
      ArrayList<Message> arrived = arriving.get(turn);
      turn = turn < flightTurns ? turn + 1 : 0;
      for (int i = 0; i < arrived.size(); i++) {
        raft.receive(arrived.get(i), nowNanos);
      }
      waiting -= arrived.size();
      arrived.clear();
    }

    /** Carries effects out to the end of the turn. */
    void carryOut(long nowNanos) {
      takeEffects();
      if (!writing.isEmpty()) {
        for (int i = 0; i < writing.size(); i++) {
          raft.persisted(writing.get(i), nowNanos);
        }
        writing.clear();
        takeEffects();
      }
      raft.applied(applied);
    }

    private void takeEffects() {
      List<Effect> effects = raft.takeEffects();
      for (int i = 0; i < effects.size(); i++) {
        switch (effects.get(i)) {
          case Effect.Send(Message message) -> servers.get((int) message.to() - 1).arrives(message);
          case Effect.Persist persist -> writing.add(persist);
          case Effect.Committed(long index) -> apply(index);
          case Effect.RoleChanged _ -> {}
          default -> throw new IllegalStateException("not of this benchmark: " + effects.get(i));
        }
      }
    }

    private void arrives(Message message) {
      int at = turn + flightTurns;
      arriving.get(at <= flightTurns ? at : at - flightTurns - 1).add(message);
      waiting++;
    }

    private void apply(long index) {
      while (applied < index) {
        applied++;
        appliedBytes += raft.entry(applied).payload().length;
      }
    }
  }
}
