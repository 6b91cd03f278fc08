package io.distkv.simulation.world;

import io.distkv.base.Transport;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The network between the nodes of a simulated world: frames take their time, so that they overtake
 * each other, some are lost and some come twice; ways from one node to another are cut, in one
 * direction or both, or slow.
 */
public final class SimulatedNetwork {
  /** The ways that a hunt should see taken. */
  public static final String LOST = "frame lost";

  public static final String DOUBLED = "frame doubled";
  public static final String CUT = "frame met a cut way";
  public static final String NOBODY = "frame to a node that is down";

  private final EventQueue queue;
  private final SimulatedRandomness random;
  private Options options;
  private final SortedMap<Long, Endpoint> endpoints = new TreeMap<>();
  private final SortedSet<Way> cut = new TreeSet<>();
  private final SortedMap<Way, Long> slow = new TreeMap<>();

  /**
   * What the network is like at its best.
   *
   * @param delays of a frame
   * @param lostPercent how many of a hundred frames are lost
   * @param doubledPercent how many come twice
   */
  public record Options(Delays delays, int lostPercent, int doubledPercent) {}

  /** From one node to another. */
  private record Way(long from, long to) implements Comparable<Way> {
    @Override
    public int compareTo(Way other) {
      int byFrom = Long.compare(from, other.from);
      return byFrom != 0 ? byFrom : Long.compare(to, other.to);
    }
  }

  public SimulatedNetwork(EventQueue queue, SimulatedRandomness random, Options options) {
    this.queue = queue;
    this.random = random;
    this.options = options;
    Tally tally = queue.trace().tally();
    tally.expect(CUT);
    tally.expect(NOBODY);
    tally.expect(LOST);
    tally.expect(DOUBLED);
  }

  /** The network as one life of a node sees it; the node's earlier lives get nothing any more. */
  public Transport connect(long node, SimulatedProcess process) {
    Endpoint endpoint = new Endpoint(node, process);
    endpoints.put(node, endpoint);
    return endpoint;
  }

  /** Nothing gets from one node to another any more. */
  public void cut(long from, long to) {
    cut.add(new Way(from, to));
  }

  /** Whatever goes from one node to another takes so much longer. */
  public void slow(long from, long to, long nanos) {
    slow.put(new Way(from, to), nanos);
  }

  /** All ways are as they were at first. */
  public void heal() {
    cut.clear();
    slow.clear();
  }

  /** All ways are as they were at first, and from here on nothing is lost or doubled. */
  public void calm() {
    heal();
    options = new Options(options.delays(), 0, 0);
  }

  /** Whether any way is cut or slow. */
  public boolean isHealthy() {
    return cut.isEmpty() && slow.isEmpty();
  }

  private void send(long from, long to, byte[] frame) {
    queue.trace().event("send", from + ">" + to, frame.length, 0);
    if (random.chance(options.lostPercent())) {
      queue.trace().tally().count(LOST);
      return;
    }
    travel(from, to, frame);
    if (random.chance(options.doubledPercent())) {
      queue.trace().tally().count(DOUBLED);
      travel(from, to, frame.clone());
    }
  }

  private void travel(long from, long to, byte[] frame) {
    Way way = new Way(from, to);
    long delayNanos = options.delays().next(random) + slow.getOrDefault(way, 0L);
    queue.after(delayNanos, "frame " + from + ">" + to, () -> arrive(way, frame));
  }

  private void arrive(Way way, byte[] frame) {
    if (cut.contains(way)) {
      queue.trace().tally().count(CUT);
      return;
    }
    Endpoint endpoint = endpoints.get(way.to());
    if (endpoint == null || !endpoint.process.alive()) {
      queue.trace().tally().count(NOBODY);
      return;
    }
    endpoint.process.arrive("receives from " + way.from(), () -> endpoint.take(way.from(), frame));
  }

  /** One life of a node. */
  private final class Endpoint implements Transport {
    private final long node;
    private final SimulatedProcess process;
    private @Nullable Receiver receiver;

    Endpoint(long node, SimulatedProcess process) {
      this.node = node;
      this.process = process;
    }

    @Override
    public void send(long to, byte[] frame) {
      SimulatedNetwork.this.send(node, to, frame);
    }

    @Override
    public void receiver(Receiver newReceiver) {
      receiver = newReceiver;
    }

    void take(long from, byte[] frame) {
      if (receiver != null) {
        receiver.received(from, frame);
      }
    }
  }
}
