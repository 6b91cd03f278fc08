package io.distkv.simulation.world;

import io.distkv.base.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
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
  private final Map<Way, Route> routes = new HashMap<>();
  private final List<Obstacle> obstacles = new ArrayList<>();

  /**
   * What the network is like at its best.
   *
   * @param delays of a frame
   * @param lostPercent how many of a hundred frames are lost
   * @param doubledPercent how many come twice
   */
  public record Options(Delays delays, int lostPercent, int doubledPercent) {}

  /** From one node to another. */
  public record Way(long from, long to) implements Comparable<Way> {
    @Override
    public int compareTo(Way other) {
      int byFrom = Long.compare(from, other.from);
      return byFrom != 0 ? byFrom : Long.compare(to, other.to);
    }
  }

  /** A way, and what happens on it in words, which are said very often. */
  private record Route(Way way, String name, String travelling, String arriving) {
    static Route of(Way way) {
      String name = way.from() + ">" + way.to();
      return new Route(way, name, "frame " + name, "receives from " + way.from());
    }
  }

  /** Something that is in the way, until it is cleared or everything is healed. */
  public static final class Obstacle {
    private final SortedSet<Way> ways;
    private final boolean cuts;
    private final long slowsByNanos;

    private Obstacle(SortedSet<Way> ways, boolean cuts, long slowsByNanos) {
      this.ways = new TreeSet<>(ways);
      this.cuts = cuts;
      this.slowsByNanos = slowsByNanos;
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

  /** Nothing gets through some ways any more. */
  public Obstacle cut(NavigableSet<Way> ways) {
    return add(new Obstacle(ways, true, 0));
  }

  /** Whatever goes a way takes so much longer; of several such figures the largest counts. */
  public Obstacle slow(Way way, long nanos) {
    return add(new Obstacle(new TreeSet<>(Set.of(way)), false, nanos));
  }

  private Obstacle add(Obstacle obstacle) {
    obstacles.add(obstacle);
    return obstacle;
  }

  /** Takes an obstacle away, and leaves the others; nothing if it is gone already. */
  public void clear(Obstacle obstacle) {
    obstacles.remove(obstacle);
  }

  /** All ways are as they were at first. */
  public void heal() {
    obstacles.clear();
  }

  /** All ways are as they were at first, and from here on nothing is lost or doubled. */
  public void calm() {
    heal();
    options = new Options(options.delays(), 0, 0);
  }

  /** All ways that nothing gets through. */
  public SortedSet<Way> cutWays() {
    SortedSet<Way> ways = new TreeSet<>();
    obstacles.stream().filter(each -> each.cuts).forEach(each -> ways.addAll(each.ways));
    return ways;
  }

  private boolean isCut(Way way) {
    return !obstacles.isEmpty()
        && obstacles.stream().anyMatch(each -> each.cuts && each.ways.contains(way));
  }

  private long slowsByNanos(Way way) {
    if (obstacles.isEmpty()) {
      return 0;
    }
    return obstacles.stream()
        .filter(each -> each.ways.contains(way))
        .mapToLong(each -> each.slowsByNanos)
        .max()
        .orElse(0);
  }

  private void send(long from, long to, byte[] frame) {
    Route route = routes.computeIfAbsent(new Way(from, to), Route::of);
    queue.trace().event("send", route.name(), frame.length, 0);
    if (random.chance(options.lostPercent())) {
      queue.trace().tally().count(LOST);
      return;
    }
    travel(route, frame);
    if (random.chance(options.doubledPercent())) {
      queue.trace().tally().count(DOUBLED);
      travel(route, frame.clone());
    }
  }

  private void travel(Route route, byte[] frame) {
    long delayNanos = options.delays().next(random) + slowsByNanos(route.way());
    queue.after(delayNanos, route.travelling(), () -> arrive(route, frame));
  }

  private void arrive(Route route, byte[] frame) {
    if (isCut(route.way())) {
      queue.trace().tally().count(CUT);
      return;
    }
    Endpoint endpoint = endpoints.get(route.way().to());
    if (endpoint == null || !endpoint.process.alive()) {
      queue.trace().tally().count(NOBODY);
      return;
    }
    endpoint.process.arrive(route.arriving(), () -> endpoint.take(route.way().from(), frame));
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
