package io.distkv.node.peer;

import io.distkv.base.Clock;
import io.distkv.base.Lane;
import io.distkv.base.MalformedBytesException;
import io.distkv.base.Transport;
import io.distkv.node.replica.Outbox;
import io.distkv.node.replica.ReplicaEnvironment;
import io.distkv.node.replica.ReplicaGroup;
import io.distkv.raft.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The other nodes as this one sees them: brings what its replicas say to the transport, and what
 * comes from it to the replicas, each on its lane.
 *
 * <p>What comes while a lane has too much to do is dropped: groups repeat what they need.
 */
public final class Peers {
  private final long self;
  private final Transport transport;
  private final Clock clock;
  private final ReplicaEnvironment.Faults faults;
  private final PeerWatch watch;
  private final List<Outbox> ports = new ArrayList<>();
  private volatile SortedMap<Long, ReplicaGroup> groups = new TreeMap<>();

  /** A message and the replica it is for. */
  private record Delivery(long replica, Message message) {}

  /** What a frame has for the replicas of one group of them. */
  private record Batch(ReplicaGroup group, List<Delivery> deliveries) {}

  /**
   * @param self id of this node
   * @param lanes of the node, by their index
   * @param periodNanos how often nodes show each other that they are there
   * @param patienceNanos after how long in silence one is taken for gone
   */
  public Peers(
      long self,
      Transport transport,
      Clock clock,
      List<Lane> lanes,
      ReplicaEnvironment.Faults faults,
      long periodNanos,
      long patienceNanos) {
    this.self = self;
    this.transport = transport;
    this.clock = clock;
    this.faults = faults;
    watch =
        new PeerWatch(
            lanes.getFirst(), clock, transport, periodNanos, patienceNanos, this::whenGone);
    for (Lane lane : lanes) {
      ports.add(new PeerPort(lane, transport, watch));
    }
  }

  /** Where the replicas of a lane put what they say. */
  public Outbox outbox(int lane) {
    return ports.get(lane);
  }

  /**
   * The replicas are there: from here on they are given what comes.
   *
   * @param all where each replica is, by its id
   */
  public void open(SortedMap<Long, ReplicaGroup> all) {
    serve(all);
    transport.receiver(this::received);
  }

  /** There are others now: what comes for one that is gone is dropped. */
  public void serve(SortedMap<Long, ReplicaGroup> all) {
    groups = new TreeMap<>(all);
  }

  /** Nothing is taken any more. On lane 0. */
  public void stop() {
    transport.receiver((_, _) -> {});
    watch.stop();
  }

  private void received(long from, byte[] frame) {
    watch.heard(from);
    SortedMap<Integer, Batch> batches = new TreeMap<>();
    try {
      FrameFormat.read(frame, from, self, (replica, message) -> add(batches, replica, message));
    } catch (MalformedBytesException e) {
      faults.defect(e);
    }
    batches.values().forEach(this::deliver);
  }

  private void add(SortedMap<Integer, Batch> batches, long replica, Message message) {
    ReplicaGroup group = groups.get(replica);
    if (group != null) {
      batches
          .computeIfAbsent(group.number(), _ -> new Batch(group, new ArrayList<>()))
          .deliveries()
          .add(new Delivery(replica, message));
    }
  }

  private void deliver(Batch batch) {
    ReplicaGroup group = batch.group();
    group
        .port()
        .lane()
        .offer(() -> {
          long nowNanos = clock.monotonicNanos();
          batch
              .deliveries()
              .forEach(each -> group.receive(each.replica(), each.message(), nowNanos));
        });
  }

  private void whenGone(long node) {
    SortedMap<Integer, ReplicaGroup> all = new TreeMap<>();
    groups.values().forEach(group -> all.put(group.number(), group));
    all.values().forEach(group -> group.port().lane().complete(() -> group.gone(node)));
  }
}
