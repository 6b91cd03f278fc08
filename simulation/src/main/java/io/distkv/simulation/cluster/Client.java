package io.distkv.simulation.cluster;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Reply;
import io.distkv.node.session.Output;
import io.distkv.node.session.Session;
import io.distkv.node.session.SessionContext;
import io.distkv.simulation.linearizability.Answer;
import io.distkv.simulation.linearizability.History;
import io.distkv.simulation.linearizability.Operation;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedLane;
import io.distkv.simulation.world.SimulatedRandomness;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that reads and writes the keys that all clients share, one thing after another, and
 * writes down what it asked and was told. It knows no leader: it asks some node, and another when
 * it is refused. When it is not answered in time it goes on under a new name, since what it asked
 * for may happen yet.
 */
final class Client {
  private static final long MILLI = 1_000_000;

  private final Cluster cluster;
  private final EventQueue queue;
  private final SimulatedRandomness random;
  private final History history;
  private final IntSupplier newProcess;
  private final long thinkNanos;
  private final long patienceNanos;
  private int process;
  private long asked;
  private long answered;
  private @Nullable Connection connection;
  private @Nullable Machine leader;
  private boolean stopped;

  /**
   * @param newProcess gives numbers that no client has had
   * @param thinkNanos between two operations at most
   */
  Client(
      Cluster cluster,
      EventQueue queue,
      SimulatedRandomness random,
      History history,
      IntSupplier newProcess,
      long thinkNanos,
      long patienceNanos) {
    this.cluster = cluster;
    this.queue = queue;
    this.random = random;
    this.history = history;
    this.newProcess = newProcess;
    this.thinkNanos = thinkNanos;
    this.patienceNanos = patienceNanos;
    process = newProcess.getAsInt();
  }

  /** A session on one life of a node. */
  private final class Connection implements Output {
    private final Machine machine;
    private final Machine.Life life;
    private final SimulatedLane lane;
    private @Nullable Session session;
    private @Nullable Operation operation;

    Connection(Machine machine, Machine.Life life) {
      this.machine = machine;
      this.life = life;
      lane = life.lane(random.below(4));
    }

    boolean isUsable() {
      return life.serves() && machine.life() == life;
    }

    void send(Operation next, byte[][] words) {
      operation = next;
      lane.complete(() -> {
        if (session == null) {
          session = life.node().open(new SessionContext(lane.index(), "client", "node", this));
        }
        session.submit(words);
      });
    }

    @Override
    public void reply(Reply reply) {
      if (connection == this && operation != null) {
        Operation ended = operation;
        operation = null;
        answered(ended, reply);
      }
    }

    @Override
    public void unanswered() {
      throw new IllegalStateException("nobody asked for no answer");
    }

    @Override
    public void protocol(int version) {
      throw new IllegalStateException("nobody asked for a protocol");
    }

    @Override
    public void close() {
      throw new IllegalStateException("nobody asked for an end");
    }

    @Override
    public boolean hasRoomFor(long replyBytes) {
      return true;
    }

    @Override
    public long inputBytes() {
      return 0;
    }

    @Override
    public long outputBytes() {
      return 0;
    }
  }

  /** Begins. */
  void start() {
    queue.after(random.between(0, thinkNanos), "client", this::next);
  }

  /** Begins nothing more. */
  void stop() {
    stopped = true;
  }

  /** Whether it waits for nothing. */
  boolean isIdle() {
    return answered == asked;
  }

  /** How many operations took effect for certain. */
  long succeeded() {
    return succeeded;
  }

  private long succeeded;

  private void next() {
    if (stopped) {
      return;
    }
    Connection to = connect();
    if (to == null) {
      queue.after(random.between(1, 100) * MILLI, "client", this::next);
      return;
    }
    String key = "k" + random.below(cluster.options().keys());
    Operation operation = draw();
    asked++;
    long number = asked;
    history.invoke(process, key, operation, queue.nowNanos());
    queue.trace().event("ask", key, process, number);
    queue
        .trace()
        .detail(() -> process + ": " + operation + " of " + key + " at " + to.machine.id());
    to.send(operation, words(operation, key));
    queue.after(patienceNanos, "client patience", () -> giveUp(number));
  }

  private @Nullable Connection connect() {
    Machine wanted = leader;
    Connection now = connection;
    if (now != null && now.isUsable() && (wanted == null || wanted == now.machine)) {
      return now;
    }
    if (wanted == null || !wanted.serves()) {
      wanted = random.pick(cluster.machines().toArray(Machine[]::new));
    }
    Machine.Life life = wanted.life();
    if (life == null || !life.serves()) {
      return null;
    }
    connection = new Connection(wanted, life);
    return connection;
  }

  private Operation draw() {
    return switch (random.below(10)) {
      case 0, 1, 2, 3 -> new Operation.Read();
      case 4, 5, 6 -> new Operation.Write(Long.toString(cluster.nextValue()));
      case 7 -> new Operation.Delete();
      default -> new Operation.Add(random.between(1, 5));
    };
  }

  private static byte[][] words(Operation operation, String key) {
    List<String> words =
        switch (operation) {
          case Operation.Read() -> List.of("GET", key);
          case Operation.Write(String value) -> List.of("SET", key, value);
          case Operation.Delete() -> List.of("DEL", key);
          case Operation.Add(long amount) -> List.of("INCRBY", key, Long.toString(amount));
          case Operation.CompareAndSet _ -> throw new IllegalStateException("not drawn");
        };
    return words.stream().map(word -> word.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
  }

  private void answered(Operation operation, Reply reply) {
    answered++;
    queue.trace().event("answer", reply.getClass().getSimpleName(), process, answered);
    queue.trace().detail(() -> process + ": " + reply);
    if (reply instanceof Reply.Failure failure) {
      failed(failure);
    } else {
      succeeded++;
      history.ok(process, answer(operation, reply), queue.nowNanos());
    }
    think();
  }

  private void failed(Reply.Failure failure) {
    switch (failure.code()) {
      case NOT_LEADER, NO_QUORUM, OVERLOADED, DISK_FULL -> {
        history.fail(process, queue.nowNanos());
        leader = leaderNamed(failure);
        connection = null;
      }
      case TIMEOUT, INTERNAL -> unknown();
      default -> throw new IllegalStateException("no client would expect " + failure);
    }
  }

  /** The node that the answer names, if it names one. */
  private @Nullable Machine leaderNamed(Reply.Failure failure) {
    String[] words = failure.line().split(" ", -1);
    if (failure.code() != ErrorCode.NOT_LEADER || words.length < 3 || !words[1].equals("node")) {
      return null;
    }
    return cluster.machine(Long.parseLong(words[2], 16));
  }

  private static Answer answer(Operation operation, Reply reply) {
    return switch (operation) {
      case Operation.Read() -> new Answer.Value(value(reply));
      case Operation.Add _ when reply instanceof Reply.Int(long sum) -> new Answer.Sum(sum);
      default -> new Answer.Done();
    };
  }

  private static @Nullable String value(Reply reply) {
    return reply instanceof Reply.Bulk(byte[] array, int offset, int length)
        ? new String(array, offset, length, StandardCharsets.UTF_8)
        : null;
  }

  private void giveUp(long number) {
    if (number != asked || isIdle()) {
      return;
    }
    answered++;
    queue.trace().event("no answer", "", process, answered);
    unknown();
    think();
  }

  /** It may have happened, or may yet. */
  private void unknown() {
    history.info(process, queue.nowNanos());
    process = newProcess.getAsInt();
    connection = null;
    leader = null;
  }

  private void think() {
    queue.after(random.between(0, thinkNanos), "client", this::next);
  }
}
