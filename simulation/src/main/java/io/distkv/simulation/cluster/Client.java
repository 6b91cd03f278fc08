package io.distkv.simulation.cluster;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.Slots;
import io.distkv.node.replica.Replica;
import io.distkv.node.session.Session;
import io.distkv.node.session.SessionContext;
import io.distkv.simulation.cluster.invariant.NoAcknowledgedWriteLost;
import io.distkv.simulation.cluster.timeline.Asked;
import io.distkv.simulation.cluster.timeline.Timeline;
import io.distkv.simulation.linearizability.Answer;
import io.distkv.simulation.linearizability.History;
import io.distkv.simulation.linearizability.Operation;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.RepliesOnly;
import io.distkv.simulation.world.SimulatedLane;
import io.distkv.simulation.world.SimulatedRandomness;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client that reads and writes the keys that all clients share, one thing after another, and
 * writes down what it asked and was told. It knows no leader: it asks some node, and another when
 * it is refused. When it is not answered in time it goes on under a new name, since what it asked
 * for may happen yet.
 *
 * <p>Every operation has dice of its own: what it is does not depend on what came of those before,
 * nor on whether they were left out.
 */
final class Client {
  private static final long MILLI = 1_000_000;

  private final int index;
  private final Cluster cluster;
  private final EventQueue queue;
  private final SimulatedRandomness random;
  private final Book book;
  private final LongPredicate kept;
  private final long thinkNanos;
  private final long patienceNanos;
  private int process;
  private int drawn;
  private long asked;
  private long answered;
  private @Nullable Connection connection;
  private @Nullable Machine leader;
  private boolean stopped;

  /**
   * What clients write down, all in the same.
   *
   * @param newProcess gives numbers that no client has had
   */
  record Book(
      History history,
      Timeline timeline,
      NoAcknowledgedWriteLost acknowledged,
      IntSupplier newProcess) {}

  /**
   * Something to be done.
   *
   * @param number no other operation of any client has it
   * @param dice what it still draws
   */
  private record Task(long number, String key, Operation operation, SimulatedRandomness dice) {}

  /**
   * @param index from 0
   * @param kept whether an operation is carried out, by its number, when its turn comes
   * @param thinkNanos between two operations at most
   */
  Client(
      int index,
      Cluster cluster,
      EventQueue queue,
      SimulatedRandomness random,
      Book book,
      LongPredicate kept,
      long thinkNanos,
      long patienceNanos) {
    this.index = index;
    this.cluster = cluster;
    this.queue = queue;
    this.random = random;
    this.book = book;
    this.kept = kept;
    this.thinkNanos = thinkNanos;
    this.patienceNanos = patienceNanos;
    process = book.newProcess().getAsInt();
  }

  /** A session on one life of a node. */
  private final class Connection extends RepliesOnly {
    private final Machine machine;
    private final Machine.Life life;
    private final SimulatedLane lane;
    private @Nullable Session session;
    private @Nullable Task task;

    Connection(Machine machine, Machine.Life life, SimulatedRandomness dice) {
      this.machine = machine;
      this.life = life;
      lane = life.lane(dice.below(4));
    }

    boolean isUsable() {
      return life.serves() && machine.life() == life;
    }

    void send(Task next, byte[][] words) {
      task = next;
      lane.complete(() -> {
        if (session == null) {
          session = life.node().open(new SessionContext(lane.index(), "client", "node", this));
        }
        session.submit(words);
      });
    }

    @Override
    public void reply(Reply reply) {
      if (connection == this && task != null) {
        Task ended = task;
        task = null;
        answered(ended, reply);
      }
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
    SimulatedRandomness dice = random.fork();
    long number = (long) drawn * cluster.options().clients() + index + 1;
    drawn++;
    String key = "k" + dice.below(cluster.options().keys());
    begin(new Task(number, key, draw(number, dice), dice));
  }

  private void begin(Task task) {
    if (stopped) {
      return;
    }
    if (!kept.test(task.number())) {
      think(task);
      return;
    }
    Connection to = connect(task.dice());
    if (to == null) {
      queue.after(task.dice().between(1, 100) * MILLI, "client", () -> begin(task));
      return;
    }
    asked++;
    long nanos = queue.nowNanos();
    book.history().invoke(process, task.key(), task.operation(), nanos);
    if (task.operation() instanceof Operation.Delete) {
      book.acknowledged().deletionBegins(process, partition(task.key()), task.key());
    }
    queue.trace().event("ask", task.key(), process, task.number());
    byte[][] words = words(task.operation(), task.key());
    String text = text(words);
    book.timeline().asked(task.number(), index, to.machine.id(), text, nanos);
    queue.trace().detail(() -> process + ": " + text + " at " + to.machine.id());
    to.send(task, words);
    long turn = asked;
    queue.after(patienceNanos, "client patience", () -> giveUp(turn, task));
  }

  private @Nullable Connection connect(SimulatedRandomness dice) {
    Machine wanted = leader;
    Connection now = connection;
    if (now != null && now.isUsable() && (wanted == null || wanted == now.machine)) {
      return now;
    }
    if (wanted == null || !wanted.serves()) {
      wanted = dice.pick(cluster.machines().toArray(Machine[]::new));
    }
    Machine.Life life = wanted.life();
    if (life == null || !life.serves()) {
      return null;
    }
    connection = new Connection(wanted, life, dice);
    return connection;
  }

  /** Values that are written differ by far more than what is ever added to one. */
  private static Operation draw(long number, SimulatedRandomness dice) {
    return switch (dice.below(10)) {
      case 0, 1, 2, 3 -> new Operation.Read();
      case 4, 5, 6 -> new Operation.Write(Long.toString(number * 1000));
      case 7 -> new Operation.Delete();
      default -> new Operation.Add(dice.between(1, 5));
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

  private static String text(byte[][] words) {
    return Stream.of(words)
        .map(word -> new String(word, StandardCharsets.UTF_8))
        .collect(Collectors.joining(" "));
  }

  private void answered(Task task, Reply reply) {
    answered++;
    queue.trace().event("answer", reply.getClass().getSimpleName(), process, answered);
    queue.trace().detail(() -> process + ": " + reply);
    if (reply instanceof Reply.Failure failure) {
      failed(task, failure);
    } else {
      succeeded++;
      Answer answer = answer(task.operation(), reply);
      book.history().ok(process, answer, queue.nowNanos());
      acknowledged(task);
      ended(task, Asked.Result.OK, told(answer));
    }
    think(task);
  }

  /** It is done, and if it was a write, nobody may be without it from here on. */
  private void acknowledged(Task task) {
    book.acknowledged().ended(process);
    Connection by = connection;
    if (by == null || task.operation() instanceof Operation.Read) {
      return;
    }
    int group = partition(task.key());
    Replica replica = by.life.replica(group);
    if (by.machine.isReadable()) {
      long version = Contents.versionOf(replica, task.key());
      book.acknowledged().acknowledged(group, task.key(), replica.appliedIndex(), version);
    } else {
      book.acknowledged().acknowledgedUnseen(group, task.key(), replica.appliedIndex());
    }
  }

  /** The number of a partition is that of its group, in the only keyspace that there is. */
  private int partition(String key) {
    return Slots.partitionOf(
        key.getBytes(StandardCharsets.UTF_8), cluster.options().keyspace().partitions());
  }

  private void ended(Task task, Asked.Result result, String answer) {
    book.timeline().ended(task.number(), queue.nowNanos(), result, answer);
  }

  private static String told(Answer answer) {
    return switch (answer) {
      case Answer.Value(@Nullable String value) -> value == null ? "nothing there" : value;
      case Answer.Sum(long sum) -> Long.toString(sum);
      case Answer.Done(), Answer.Swapped _ -> "";
    };
  }

  private void failed(Task task, Reply.Failure failure) {
    switch (failure.code()) {
      case NOT_LEADER, NO_QUORUM, OVERLOADED, DISK_FULL -> {
        book.history().fail(process, queue.nowNanos());
        book.acknowledged().ended(process);
        ended(task, Asked.Result.REFUSED, failure.code().name());
        leader = leaderNamed(failure);
        connection = null;
      }
      case TIMEOUT, INTERNAL, CORRUPTION -> unknown(task, failure.code().name());
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

  private void giveUp(long turn, Task task) {
    if (turn != asked || isIdle()) {
      return;
    }
    answered++;
    queue.trace().event("no answer", "", process, answered);
    unknown(task, "no answer");
    think(task);
  }

  /** It may have happened, or may yet. */
  private void unknown(Task task, String why) {
    book.history().info(process, queue.nowNanos());
    ended(task, Asked.Result.UNKNOWN, why);
    process = book.newProcess().getAsInt();
    connection = null;
    leader = null;
  }

  private void think(Task task) {
    queue.after(task.dice().between(0, thinkNanos), "client", this::next);
  }
}
