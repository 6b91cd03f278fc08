package io.distkv.simulation.cluster;

import io.distkv.node.NodeStatistics;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.keyspace.Slots;
import io.distkv.node.replica.GroupStatistics;
import io.distkv.node.replica.Replica;
import io.distkv.node.session.Session;
import io.distkv.node.session.SessionContext;
import io.distkv.raft.RaftOptions;
import io.distkv.raft.Role;
import io.distkv.simulation.cluster.invariant.Invariant;
import io.distkv.simulation.cluster.timeline.Timeline;
import io.distkv.simulation.world.Delays;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.RepliesOnly;
import io.distkv.simulation.world.SimulatedLane;
import io.distkv.simulation.world.SimulatedNetwork;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import io.distkv.storage.tree.TreeOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * Three machines, each with a replica of every partition, and nothing that goes wrong but what a
 * test does to them. Memtables, segments and what is kept for members that lag are small. The
 * invariants are looked at after every event.
 */
final class CalmCluster {
  static final int SEGMENT_BYTES = 32 * 1024;

  /** What a node's journals may take, but for segments that are about to go. */
  static final long JOURNAL_BYTES = 10L * SEGMENT_BYTES;

  private static final long MILLI = 1_000_000;
  private static final long PATIENCE_NANOS = 120_000 * MILLI;

  private final ClusterOptions options;
  private final EventQueue queue = new EventQueue(new Trace());
  private final Cluster cluster;

  CalmCluster(long seed, int partitions) {
    RaftOptions raft =
        new RaftOptions(500 * MILLI, 50 * MILLI, 100, 100_000, 1_000_000, 64_000_000, 2_000, 0);
    options =
        new ClusterOptions(
            3,
            KeyspaceOptions.of(0, "default").withPartitions(partitions),
            3,
            0,
            0,
            0,
            0,
            raft,
            new SimulatedNetwork.Options(new Delays(100_000, 0, 1), 0, 0),
            0,
            0,
            0,
            TreeOptions.DEFAULT.withMemtableBytes(20_000),
            200_000,
            SEGMENT_BYTES,
            64_000_000,
            0,
            0);
    cluster =
        new Cluster(options, queue, new SimulatedRandomness(seed), Invariant.all(), new Timeline());
    cluster.machines().forEach(Machine::start);
    until(() -> machines().stream().allMatch(Machine::serves), "all to serve");
  }

  List<Machine> machines() {
    return cluster.machines();
  }

  static Machine.Life life(Machine machine) {
    Machine.Life life = machine.life();
    if (life == null) {
      throw new IllegalStateException("node " + machine.id() + " is down");
    }
    return life;
  }

  static Replica replica(Machine machine, int partition) {
    return life(machine).replica(partition);
  }

  /** The leader of a partition's newest term, once there is one. */
  Machine leader(int partition) {
    until(() -> !leaders(partition).isEmpty(), "a leader");
    return leaders(partition).stream()
        .max(Comparator.comparingLong(machine -> replica(machine, partition).raft().term()))
        .orElseThrow();
  }

  private List<Machine> leaders(int partition) {
    return machines().stream()
        .filter(Machine::serves)
        .filter(machine -> replica(machine, partition).raft().role() == Role.LEADER)
        .toList();
  }

  /** Cuts all ways to and from a machine. */
  void isolate(Machine machine) {
    NavigableSet<SimulatedNetwork.Way> ways = new TreeSet<>();
    for (Machine other : machines()) {
      ways.add(new SimulatedNetwork.Way(machine.id(), other.id()));
      ways.add(new SimulatedNetwork.Way(other.id(), machine.id()));
    }
    cluster.network().cut(ways);
  }

  void heal() {
    cluster.network().heal();
  }

  void pass(long millis) {
    long end = queue.nowNanos() + millis * MILLI;
    while (queue.nowNanos() < end && cluster.step()) {
      // Everything happens in the step.
    }
  }

  void until(BooleanSupplier condition, String what) {
    long deadline = queue.nowNanos() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (queue.nowNanos() > deadline || !cluster.step()) {
        throw new AssertionError("waited in vain for " + what);
      }
    }
  }

  /** Waits until every machine has applied all that the leader of a partition has. */
  void settle(int partition) {
    Machine leader = leader(partition);
    until(
        () ->
            machines().stream()
                .allMatch(each ->
                    each.serves()
                        && replica(each, partition).appliedIndex()
                            == replica(leader, partition).raft().last().index()),
        "all to have everything");
    Contents.requireEqual(cluster);
  }

  /** Begins so many writes of about so many bytes to a partition, all at once. */
  Writes write(Machine machine, int partition, int count, int bytes) {
    Writes writes = new Writes(life(machine), count);
    writes.begin(key(partition), "v".repeat(bytes));
    return writes;
  }

  private String key(int partition) {
    int key = 0;
    while (partitionOf("k" + key) != partition) {
      key++;
    }
    return "k" + key;
  }

  private int partitionOf(String key) {
    return Slots.partitionOf(key.getBytes(StandardCharsets.UTF_8), options.keyspace().partitions());
  }

  /** What a machine's journals hold: what a start would read. */
  long journalBytes(Machine machine) {
    List<NodeStatistics> taken = new ArrayList<>();
    life(machine).node().statistics(taken::add);
    until(() -> !taken.isEmpty(), "statistics");
    return taken.getFirst().groups().stream().mapToLong(GroupStatistics::journalBytes).sum();
  }

  /** Writes of one session, and how many have been done. */
  final class Writes extends RepliesOnly {
    private final Machine.Life life;
    private final int count;
    private int done;

    private Writes(Machine.Life life, int count) {
      this.life = life;
      this.count = count;
    }

    private void begin(String key, String value) {
      SimulatedLane lane = life.lane(0);
      lane.complete(() -> {
        Session session =
            life.node().open(new SessionContext(lane.index(), "client", "node", this));
        for (int i = 0; i < count; i++) {
          session.submit(
              new byte[][] {
                "SET".getBytes(StandardCharsets.UTF_8),
                key.getBytes(StandardCharsets.UTF_8),
                (value + i).getBytes(StandardCharsets.UTF_8)
              });
        }
      });
    }

    /** Waits until all of them are done. */
    void await() {
      until(() -> done == count, count + " writes, of which are done " + done);
    }

    @Override
    public void reply(Reply reply) {
      if (!(reply instanceof Reply.Failure)) {
        done++;
      }
    }
  }
}
