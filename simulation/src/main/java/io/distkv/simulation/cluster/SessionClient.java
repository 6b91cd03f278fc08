package io.distkv.simulation.cluster;

import io.distkv.node.command.CommandTable;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.Slots;
import io.distkv.node.replica.Answer;
import io.distkv.node.replica.Call;
import io.distkv.node.replica.Conversation;
import io.distkv.node.replica.Mutation;
import io.distkv.node.replica.Replica;
import io.distkv.node.replica.WriteCall;
import io.distkv.simulation.cluster.invariant.SessionsApplyOnce;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Violation;
import io.distkv.simulation.world.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A client that writes within a session of one partition: it adds one to a key of its own, again
 * and again, and sends each write to one machine after another, at times to two at once, until it
 * is answered. {@link SessionsApplyOnce} looks at the answers.
 */
final class SessionClient {
  private static final CommandTable COMMANDS = CommandTable.standard();

  private final Cluster cluster;
  private final EventQueue queue;
  private final SimulatedRandomness random;
  private final int partition;
  private final Mutation.Single addition;
  private final SessionsApplyOnce once;
  private final long patienceNanos;
  private long session;
  private long sequence;
  private long succeeded;
  private long sendings;
  private boolean waiting;

  /** Whether another try is queued because one was refused. */
  private boolean trying;

  private boolean stopped;

  SessionClient(int number, Cluster cluster, EventQueue queue, SimulatedRandomness random) {
    this.cluster = cluster;
    this.queue = queue;
    this.random = random;
    patienceNanos = random.magnitude(100 * VirtualTime.MILLI, 5 * VirtualTime.SECOND);
    String name = "session-client-" + number;
    byte[] key = name.getBytes(StandardCharsets.UTF_8);
    partition = Slots.partitionOf(key, cluster.options().keyspace().partitions());
    byte[] command = "INCR".getBytes(StandardCharsets.UTF_8);
    addition = new Mutation.Single((Prepared.Write) COMMANDS.prepare(new byte[][] {command, key}));
    once = new SessionsApplyOnce("the client of " + name);
  }

  /** One sending of a write, or of the wish for a session. */
  private final class Try implements Answer {
    private final long ofSession;
    private final long ofSequence;

    Try() {
      ofSession = session;
      ofSequence = sequence;
    }

    Mutation mutation() {
      return ofSession == 0
          ? new Mutation.OpenSession()
          : new Mutation.InSession(ofSession, ofSequence, ofSequence, addition);
    }

    @Override
    public void answered(Call call) {
      Reply reply = ((WriteCall) call).reply();
      queue
          .trace()
          .detail(() -> "session %d, write %d: %s".formatted(ofSession, ofSequence, reply));
      take(this, reply);
    }

    @Override
    public boolean abandoned() {
      return false;
    }
  }

  /** Begins. */
  void start() {
    queue.after(random.between(0, VirtualTime.SECOND), "session client", this::send);
  }

  /** Begins nothing more. */
  void stop() {
    stopped = true;
  }

  /** Whether it waits for nothing. */
  boolean isIdle() {
    return !waiting;
  }

  /** How many writes were answered. */
  long succeeded() {
    return succeeded;
  }

  private void send() {
    if (stopped && !waiting) {
      return;
    }
    waiting = true;
    Try next = new Try();
    for (int copies = random.chance(20) ? 2 : 1; copies > 0; copies--) {
      send(next);
    }
    sendings++;
    long sending = sendings;
    queue.after(patienceNanos, "session client's patience", () -> losePatience(sending, next));
  }

  /** Only for what was sent last: else each refusal would begin another row of sendings. */
  private void losePatience(long sending, Try with) {
    if (sending == sendings) {
      sendAgain(with);
    }
  }

  private void send(Try next) {
    List<Replica> replicas = cluster.replicas(partition);
    if (replicas.isEmpty()) {
      return;
    }
    Replica to = replicas.get(random.below(replicas.size()));
    queue.trace().event("write of a session", "", next.ofSession, next.ofSequence);
    to.port()
        .lane()
        .complete(() ->
            to.port().send(new WriteCall(new Conversation(to.port(), to), next, next.mutation())));
  }

  private void sendAgain(Try last) {
    if (waiting && last.ofSession == session && last.ofSequence == sequence) {
      send();
    }
  }

  private void take(Try answered, Reply reply) {
    if (answered.ofSession != session) {
      return;
    }
    if (answered.ofSequence != sequence) {
      if (answered.ofSequence == sequence - 1 && reply instanceof Reply.Int(long sum)) {
        once.answeredAgain(sum);
      }
      return;
    }
    if (reply instanceof Reply.Int(long number)) {
      succeeded(number);
    } else if (reply.equals(Mutation.InSession.NOT_OPEN)) {
      once.ended();
      session = 0;
      sequence = 0;
      think();
    } else if (reply.equals(Mutation.InSession.ANSWER_NOT_KEPT)) {
      throw new Violation("SessionsApplyOnce: an answer that was never told is not kept");
    } else if (!trying) {
      // Refused: some other machine may lead.
      trying = true;
      queue.after(
          random.between(1, 50) * VirtualTime.MILLI,
          "session client tries elsewhere",
          () -> {
            trying = false;
            sendAgain(answered);
          });
    }
  }

  /** The answer to the wish for a session is its id. */
  private void succeeded(long number) {
    if (session == 0) {
      session = number;
    } else {
      once.answered(number);
      succeeded++;
      sequence++;
    }
    think();
  }

  private void think() {
    waiting = false;
    queue.after(
        random.magnitude(VirtualTime.MILLI, VirtualTime.SECOND), "session client", this::send);
  }
}
