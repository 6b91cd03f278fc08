package io.distkv.simulation.cluster;

import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.Slots;
import io.distkv.node.replica.Replica;
import io.distkv.node.session.Session;
import io.distkv.node.session.SessionContext;
import io.distkv.raft.Role;
import io.distkv.simulation.cluster.invariant.SessionsReadInOrder;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.RepliesOnly;
import io.distkv.simulation.world.SimulatedLane;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client that sends several commands at once, writes of rising numbers to a key of its own and
 * reads of it, and takes the answers as they come. {@link SessionsReadInOrder} looks at them. When
 * it cannot tell whether a write happened, it goes on with another key, since that write may happen
 * yet.
 */
final class PipelineClient {
  private static final int MOST_AT_ONCE = 8;

  private final int index;
  private final Cluster cluster;
  private final EventQueue queue;
  private final SimulatedRandomness random;
  private final long thinkNanos;
  private final long patienceNanos;
  private final ArrayDeque<Command> awaited = new ArrayDeque<>();
  private @Nullable Connection connection;
  private int keys;
  private String key;
  private int partition;
  private SessionsReadInOrder order;
  private long lastNumber;
  private long pipelines;
  private long succeeded;

  /** Whether a write of this pipeline failed: some other machine may lead. */
  private boolean leaderLost;

  private boolean stopped;

  /**
   * What is asked for.
   *
   * @param number that is written
   */
  private record Command(Kind kind, long number) {

    List<String> lines(String key) {
      return switch (kind) {
        case READ -> List.of("GET " + key);
        case WRITE -> List.of("SET " + key + " " + number);
        // Its replies are found by a worker, after later commands may have taken effect.
        case WALK -> List.of("MULTI", "SET " + key + " " + number, "DBSIZE", "EXEC");
        case PART -> throw new IllegalStateException("a part of a transaction");
      };
    }
  }

  private enum Kind {
    READ,
    WRITE,
    /** A transaction that writes and looks at all keys. */
    WALK,
    /** A command of a transaction before its end. */
    PART
  }

  /** A session on one life of a node. */
  private final class Connection extends RepliesOnly {
    private final Machine machine;
    private final Machine.Life life;
    private final SimulatedLane lane;
    private @Nullable Session session;

    Connection(Machine machine, Machine.Life life) {
      this.machine = machine;
      this.life = life;
      lane = life.lane(random.below(4));
    }

    boolean isUsable() {
      return life.serves() && machine.life() == life;
    }

    void send(List<byte[][]> commands) {
      lane.complete(() -> {
        if (session == null) {
          session = life.node().open(new SessionContext(lane.index(), "client", "node", this));
        }
        commands.forEach(session::submit);
      });
    }

    @Override
    public void reply(Reply reply) {
      if (connection == this) {
        take(reply);
      }
    }
  }

  PipelineClient(int index, Cluster cluster, EventQueue queue, SimulatedRandomness random) {
    this.index = index;
    this.cluster = cluster;
    this.queue = queue;
    this.random = random;
    thinkNanos = random.magnitude(20 * VirtualTime.MILLI, 2 * VirtualTime.SECOND);
    patienceNanos = random.between(1, 15) * VirtualTime.SECOND;
    takeNewKey();
  }

  private void takeNewKey() {
    keys++;
    key = "pipeline-" + index + "-" + keys;
    partition =
        Slots.partitionOf(
            key.getBytes(StandardCharsets.UTF_8), cluster.options().keyspace().partitions());
    order = new SessionsReadInOrder("the client of " + key);
  }

  /** Begins. */
  void start() {
    think();
  }

  /** Begins nothing more. */
  void stop() {
    stopped = true;
  }

  /** Whether it waits for nothing. */
  boolean isIdle() {
    return awaited.isEmpty();
  }

  /** How many writes took effect for certain. */
  long succeeded() {
    return succeeded;
  }

  private void think() {
    queue.after(random.between(0, thinkNanos), "pipeline client", this::next);
  }

  private void next() {
    if (stopped) {
      return;
    }
    Connection to = connect();
    if (to == null) {
      think();
      return;
    }
    for (int left = 2 + random.below(MOST_AT_ONCE - 1); left > 0; left--) {
      add(to, draw());
    }
    pipelines++;
    long turn = pipelines;
    queue.trace().event("pipeline", key, awaited.size(), turn);
    queue.after(patienceNanos, "pipeline client's patience", () -> losePatience(turn));
  }

  private @Nullable Connection connect() {
    Connection now = connection;
    if (now != null && now.isUsable()) {
      return now;
    }
    List<Machine> serving = cluster.machines().stream().filter(Machine::serves).toList();
    List<Machine> leading = serving.stream().filter(this::leads).toList();
    List<Machine> from = leading.isEmpty() || random.chance(10) ? serving : leading;
    Machine machine = from.isEmpty() ? null : from.get(random.below(from.size()));
    Machine.Life life = machine == null ? null : machine.life();
    connection = machine == null || life == null ? null : new Connection(machine, life);
    return connection;
  }

  private boolean leads(Machine machine) {
    Machine.Life life = machine.life();
    return life != null
        && life.replicas().stream()
            .filter(replica -> replica.partition() == partition)
            .map(Replica::raft)
            .anyMatch(raft -> raft.role() == Role.LEADER);
  }

  private Command draw() {
    boolean mayWalk = cluster.options().keyspace().partitions() == 1;
    Kind kind =
        random.pick(
            Kind.READ,
            Kind.READ,
            Kind.READ,
            Kind.WRITE,
            Kind.WRITE,
            mayWalk ? Kind.WALK : Kind.READ);
    return new Command(kind, kind == Kind.READ ? 0 : ++lastNumber);
  }

  private void add(Connection to, Command command) {
    List<String> lines = command.lines(key);
    for (int i = 1; i < lines.size(); i++) {
      awaited.add(new Command(Kind.PART, 0));
    }
    awaited.add(command);
    to.send(lines.stream().map(PipelineClient::words).toList());
  }

  private static byte[][] words(String line) {
    return Stream.of(line.split(" ", -1))
        .map(word -> word.getBytes(StandardCharsets.UTF_8))
        .toArray(byte[][]::new);
  }

  private void take(Reply reply) {
    Command command = awaited.remove();
    queue.trace().event("answer in a pipeline", reply.getClass().getSimpleName(), index, pipelines);
    queue.trace().detail(() -> "%s: %s for %s".formatted(key, reply, command));
    switch (command.kind()) {
      case READ -> read(reply);
      case WRITE, WALK -> written(command, reply);
      case PART -> {}
    }
    if (awaited.isEmpty()) {
      ended();
    }
  }

  private void read(Reply reply) {
    if (reply instanceof Reply.Bulk(byte[] array, int offset, int length)) {
      order.read(Long.parseLong(new String(array, offset, length, StandardCharsets.UTF_8)));
    } else if (!(reply instanceof Reply.Failure)) {
      order.read(0);
    }
  }

  private void written(Command command, Reply reply) {
    if (!(reply instanceof Reply.Failure failure)) {
      succeeded++;
      order.wrote(command.number());
      return;
    }
    boolean refused =
        switch (failure.code()) {
          case NOT_LEADER, NO_QUORUM, DISK_FULL -> true;
          // A transaction may have taken effect all the same.
          case OVERLOADED -> command.kind() == Kind.WRITE;
          default -> false;
        };
    if (!refused) {
      order.mayHaveWritten(command.number());
    }
    leaderLost = true;
  }

  private void ended() {
    if (leaderLost) {
      leaderLost = false;
      connection = null;
    }
    if (!order.isCertain()) {
      takeNewKey();
    }
    think();
  }

  private void losePatience(long turn) {
    if (turn == pipelines && !awaited.isEmpty()) {
      awaited.clear();
      connection = null;
      leaderLost = false;
      takeNewKey();
      think();
    }
  }
}
