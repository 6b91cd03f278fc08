package io.distkv.simulation.cluster;

import io.distkv.node.NodeOptions;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.replica.Placement;
import io.distkv.node.session.SizeLimits;
import io.distkv.raft.Membership;
import io.distkv.raft.RaftOptions;
import io.distkv.simulation.world.Delays;
import io.distkv.simulation.world.SimulatedNetwork;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.storage.tree.TreeOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What kind of cluster a run has, drawn from its seed, so that runs differ in kind and not only in
 * dice.
 *
 * @param machines how many there are, with ids from 1
 * @param keyspace the one that clients use
 * @param voters how many of the machines each partition's group begins with
 * @param clients how many there are
 * @param thinkNanos from the end of one of a client's operations to the next at most
 * @param keys that they share
 * @param sessionClients how many clients write within sessions besides
 * @param raft how groups behave
 * @param network at its best
 * @param mostDriftPerMille of a machine's clock
 * @param safetyNanos how long things go wrong
 * @param faultEveryNanos how long it is from one fault to the next, about
 * @param tree of every replica
 * @param memtableBytes of a node
 * @param segmentBytes of its journals
 * @param pendingBytes of writes that a replica takes in before it has applied them
 * @param expiryClients how many clients write keys that expire
 * @param pipelineClients how many clients send several commands at once
 */
record ClusterOptions(
    int machines,
    KeyspaceOptions keyspace,
    int voters,
    int clients,
    long thinkNanos,
    int keys,
    int sessionClients,
    RaftOptions raft,
    SimulatedNetwork.Options network,
    long mostDriftPerMille,
    long safetyNanos,
    long faultEveryNanos,
    TreeOptions tree,
    long memtableBytes,
    int segmentBytes,
    long pendingBytes,
    int expiryClients,
    int pipelineClients) {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final long USUAL_PENDING_BYTES = 64L * 1024 * 1024;

  static ClusterOptions draw(SimulatedRandomness random) {
    int machines = 1 + random.below(9);
    int voters = 1 + random.below(machines);
    int partitions = random.pick(1, 1, 2, 8);
    return new ClusterOptions(
        machines,
        KeyspaceOptions.of(0, "default").withPartitions(partitions),
        voters,
        1 + random.below(8),
        random.magnitude(20 * MILLI, 2 * SECOND),
        random.pick(1, 3, 10),
        random.pick(0, 0, 1, 3),
        drawRaft(random),
        new SimulatedNetwork.Options(
            new Delays(
                random.magnitude(10_000, 5 * MILLI),
                random.pick(0, 1, 5),
                random.magnitude(MILLI, 300 * MILLI)),
            random.pick(0, 0, 1, 5, 20),
            random.pick(0, 0, 1, 10)),
        random.pick(0L, 1L, 10L, 45L),
        random.between(5, 30) * SECOND,
        random.magnitude(100 * MILLI, 20 * SECOND),
        TreeOptions.DEFAULT.withMemtableBytes(random.magnitude(2_000, 2_000_000)),
        random.magnitude(20_000, 20_000_000),
        (int) random.magnitude(16 * 1024, 512 * 1024),
        random.pick(20L, USUAL_PENDING_BYTES, USUAL_PENDING_BYTES),
        random.pick(0, 0, 1, 2),
        random.pick(1, 0, 2, 0));
  }

  /** Five replicas, twenty operations a second, and nothing that goes wrong for ten minutes. */
  static ClusterOptions steady() {
    return new ClusterOptions(
        5,
        KeyspaceOptions.of(0, "default").withPartitions(1),
        5,
        10,
        SECOND,
        100,
        0,
        RaftOptions.DEFAULT,
        new SimulatedNetwork.Options(new Delays(100_000, 1, 5 * MILLI), 0, 0),
        1,
        600 * SECOND,
        Long.MAX_VALUE / 4,
        TreeOptions.DEFAULT,
        64L * 1024 * 1024,
        1024 * 1024,
        USUAL_PENDING_BYTES,
        0,
        0);
  }

  private static RaftOptions drawRaft(SimulatedRandomness random) {
    long heartbeatNanos = random.pick(20, 50, 100) * MILLI;
    return new RaftOptions(
        heartbeatNanos * random.pick(3, 5, 10, 20),
        heartbeatNanos,
        100,
        random.pick(1L, 1_000L, 1_000_000L),
        random.pick(1L, 10_000L, 8_000_000L),
        random.pick(10_000L, 64_000_000L),
        random.pick(0L, 2_000L, 100_000L, 64_000_000L),
        random.pick(0L, SECOND, 3 * SECOND));
  }

  /** The ids of the machines on which a partition's group begins. */
  List<Long> members(int partition) {
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < voters; i++) {
      ids.add(1L + (partition + i) % machines);
    }
    return ids;
  }

  private Placement placement() {
    return (self, replica) ->
        Membership.ofVoters(
            members(replica.partition()).stream().mapToLong(Long::longValue).toArray());
  }

  /** The options of every node. */
  NodeOptions node() {
    return new NodeOptions(
        List.of(keyspace),
        new TreeMap<>(),
        50_000L,
        10,
        memtableBytes,
        10L * segmentBytes,
        segmentBytes,
        1,
        0,
        0,
        pendingBytes,
        1 + segmentBytes % NodeOptions.ANSWERS_IN_A_ROW,
        SizeLimits.WIDEST,
        10 * SECOND,
        NodeOptions.defaults().admittedWaitNanos(),
        tree,
        placement(),
        raft);
  }

  /** The way of this kind, for a hunt to count. */
  String way() {
    return "groups of " + voters;
  }
}
