package io.distkv.simulation.hunt;

import io.distkv.node.Node;
import io.distkv.node.NodeEnvironment;
import io.distkv.node.NodeOptions;
import io.distkv.node.command.Reply;
import io.distkv.node.session.Output;
import io.distkv.node.session.Session;
import io.distkv.node.session.SessionContext;
import io.distkv.simulation.disk.SimulatedDisk;
import io.distkv.simulation.world.Delays;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedClock;
import io.distkv.simulation.world.SimulatedHost;
import io.distkv.simulation.world.SimulatedLane;
import io.distkv.simulation.world.SimulatedProcess;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.SimulatedWorkers;
import io.distkv.simulation.world.Violation;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One life of a node, from its start to its end, and the one client that talks to it. */
final class SimulatedNode implements Output {
  private static final long SECOND = 1_000_000_000L;
  private static final long PATIENCE_NANOS = 3600 * SECOND;

  private final EventQueue queue;
  private final SimulatedDisk disk;
  private final SimulatedRandomness random;
  private final SimulatedProcess process;
  private final SimulatedLane lane;
  private final SimulatedHost host = new SimulatedHost();
  private final NodeEnvironment environment;
  private final ArrayDeque<Consumer<Reply>> inFlight = new ArrayDeque<>();
  private @Nullable Node node;
  private @Nullable Session session;
  private @Nullable Violation violation;

  /** Has a number of lanes, and delays, of its own. */
  SimulatedNode(
      String name,
      SimulatedRandomness random,
      EventQueue queue,
      SimulatedDisk disk,
      SimulatedClock clock) {
    this.queue = queue;
    this.disk = disk;
    this.random = random;
    int lanes = 1 + random.below(4);
    process = new SimulatedProcess(name, queue, random, Delays.draw(random), lanes, 10_000);
    lane = process.lanes().get(random.below(lanes));
    List<SimulatedWorkers> sync = new ArrayList<>();
    process.lanes().forEach(each -> sync.add(process.workers("sync " + each.index(), 1, 10_000)));
    environment =
        new NodeEnvironment(
            disk,
            clock,
            random.fork(),
            List.copyOf(process.lanes()),
            List.copyOf(sync),
            process.workers("reads", 1 + random.below(3), 10_000),
            process.workers("background", 1 + random.below(3), 10_000));
  }

  /** Starts it; returns why it could not, or null if it serves. */
  @Nullable Throwable start(NodeOptions options) {
    Node started;
    try {
      started = Node.start(environment, options, host, host);
    } catch (IOException e) {
      return e;
    }
    node = started;
    run(() -> host.hasStarted() || host.failure() != null, "the start of the node");
    if (host.failure() != null) {
      return host.failure();
    }
    lane.complete(
        () -> session = started.open(new SessionContext(lane.index(), "client", "node", this)));
    run(() -> session != null, "the session");
    return null;
  }

  /** Why it ended by itself, or what went wrong in it while it goes on; null if all is well. */
  @Nullable Throwable trouble() {
    return host.failure() == null ? host.defect() : host.failure();
  }

  /** Why it ended by itself; null if it goes on. */
  @Nullable Throwable failure() {
    return host.failure();
  }

  /** Sends a request, once some of the earlier ones are answered. */
  void ask(byte[][] words, Consumer<Reply> answer) {
    Session open = session;
    if (open == null) {
      throw new IllegalStateException("the node does not serve");
    }
    int most = random.pick(1, 5, 50);
    run(() -> inFlight.size() < most, "answers");
    inFlight.add(answer);
    lane.complete(() -> open.submit(words));
  }

  /** Runs the world until all is answered. */
  void settle() {
    run(inFlight::isEmpty, "all answers");
  }

  /** Tells it to stop, and runs the world until it has. */
  void stop() {
    Node open = node;
    if (open == null) {
      throw new IllegalStateException("the node was not started");
    }
    boolean[] stopped = new boolean[1];
    open.stop(() -> stopped[0] = true);
    run(() -> stopped[0], "the node's stop");
    queue.runFor(10 * SECOND);
    if (!disk.openFiles().isEmpty()) {
      throw new Violation(
          "a stopped node left open " + disk.openFiles().stream().limit(5).toList());
    }
    kill();
  }

  /** Kills the process. */
  void kill() {
    process.kill();
    disk.killProcess();
  }

  private void run(BooleanSupplier condition, String what) {
    long deadline = queue.nowNanos() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (queue.nowNanos() > deadline || !queue.step()) {
        throw new Violation("waited in vain for " + what, trouble());
      }
      if (violation != null) {
        throw violation;
      }
    }
  }

  @Override
  public void reply(Reply reply) {
    queue.trace().event("reply", "", Replies.text(reply).hashCode(), inFlight.size());
    try {
      inFlight.remove().accept(reply);
    } catch (Violation e) {
      violation = e; // the node's own code stands between here and whoever drives the world
    }
  }

  @Override
  public void protocol(int version) {
    violation = new Violation("the protocol changed to " + version + " although nobody asked");
  }

  @Override
  public void close() {
    violation = new Violation("the connection was closed although nobody asked");
  }

  @Override
  public void unanswered() {
    violation = new Violation("a request got no reply although nobody asked for that");
  }

  @Override
  public long inputBytes() {
    return 0;
  }

  @Override
  public boolean hasRoomFor(long replyBytes) {
    return true;
  }

  @Override
  public long outputBytes() {
    return 0;
  }
}
