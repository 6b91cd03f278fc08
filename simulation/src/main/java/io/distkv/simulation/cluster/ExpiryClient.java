package io.distkv.simulation.cluster;

import io.distkv.node.command.CommandTable;
import io.distkv.node.command.Prepared;
import io.distkv.node.keyspace.Slots;
import io.distkv.node.replica.Answer;
import io.distkv.node.replica.Conversation;
import io.distkv.node.replica.Mutation;
import io.distkv.node.replica.Replica;
import io.distkv.node.replica.WriteCall;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * A client that writes keys which live for a while, and does to them what depends on whether they
 * still do. It asks any machine, whoever leads, and nobody looks at what it is told: what comes of
 * it must be the same on all replicas, whatever their clocks say.
 */
final class ExpiryClient {
  private static final CommandTable COMMANDS = CommandTable.standard();
  private static final int KEYS = 3;

  private final Cluster cluster;
  private final EventQueue queue;
  private final SimulatedRandomness random;
  private final long thinkNanos;
  private boolean stopped;

  ExpiryClient(Cluster cluster, EventQueue queue, SimulatedRandomness random) {
    this.cluster = cluster;
    this.queue = queue;
    this.random = random;
    thinkNanos = random.magnitude(10 * VirtualTime.MILLI, VirtualTime.SECOND);
  }

  /** Begins. */
  void start() {
    queue.after(random.between(0, thinkNanos), "expiry client", this::next);
  }

  /** Begins nothing more. */
  void stop() {
    stopped = true;
  }

  private void next() {
    if (stopped) {
      return;
    }
    byte[][] words = draw();
    List<Replica> replicas =
        cluster.replicas(Slots.partitionOf(words[1], cluster.options().keyspace().partitions()));
    if (!replicas.isEmpty()) {
      send(replicas.get(random.below(replicas.size())), words);
    }
    queue.after(random.between(0, thinkNanos), "expiry client", this::next);
  }

  private byte[][] draw() {
    String key = "e" + random.below(KEYS);
    String millis = Long.toString(random.magnitude(1, 5_000));
    String command =
        random.pick(
            "SET %s 1 PX %s",
            "SET %s 2 KEEPTTL",
            "PEXPIRE %s %s",
            "PEXPIRE %s %s NX",
            "GETEX %s PX %s",
            "PERSIST %s",
            "INCR %s",
            "APPEND %s 7",
            "GETDEL %s");
    return Stream.of(command.formatted(key, millis).split(" ", -1))
        .map(word -> word.getBytes(StandardCharsets.UTF_8))
        .toArray(byte[][]::new);
  }

  private void send(Replica to, byte[][] words) {
    Mutation write = new Mutation.Single((Prepared.Write) COMMANDS.prepare(words));
    queue.trace().event("write of a key that expires", "", to.partition(), words.length);
    to.port()
        .lane()
        .complete(() ->
            to.port().send(new WriteCall(new Conversation(to.port(), to), Answer.UNHEARD, write)));
  }
}
