package io.distkv.simulation.cluster;

import io.distkv.base.Randomness;
import io.distkv.node.Node;
import io.distkv.node.NodeEnvironment;
import io.distkv.node.NodeOptions;
import io.distkv.simulation.cluster.timeline.Moment;
import io.distkv.simulation.cluster.timeline.Timeline;
import io.distkv.simulation.disk.SimulatedDisk;
import io.distkv.simulation.world.Delays;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedClock;
import io.distkv.simulation.world.SimulatedHost;
import io.distkv.simulation.world.SimulatedLane;
import io.distkv.simulation.world.SimulatedNetwork;
import io.distkv.simulation.world.SimulatedProcess;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.SimulatedWorkers;
import io.distkv.simulation.world.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One machine of the cluster: its disk and clock, and the node that runs on it, again and again.
 */
final class Machine {
  private final long id;
  private final EventQueue queue;
  private final SimulatedRandomness random;
  private final SimulatedDisk disk;
  private final SimulatedClock clock;
  private final SimulatedNetwork network;
  private final NodeOptions options;
  private final Timeline timeline;
  private int lives;
  private @Nullable Life life;

  /** One run of the node. */
  static final class Life {
    private final int number;
    private final SimulatedProcess process;
    private final SimulatedHost host = new SimulatedHost();
    private @Nullable Node node;

    Life(int number, SimulatedProcess process) {
      this.number = number;
      this.process = process;
    }

    int number() {
      return number;
    }

    SimulatedProcess process() {
      return process;
    }

    boolean serves() {
      return process.alive() && host.hasStarted() && host.failure() == null;
    }

    Node node() {
      if (node == null) {
        throw new IllegalStateException("the node was not started");
      }
      return node;
    }

    SimulatedLane lane(int index) {
      return process.lanes().get(index % process.lanes().size());
    }
  }

  Machine(
      long id,
      EventQueue queue,
      SimulatedRandomness random,
      SimulatedNetwork network,
      long driftPerMille,
      NodeOptions options,
      Timeline timeline) {
    this.id = id;
    this.queue = queue;
    this.random = random;
    this.network = network;
    this.options = options;
    this.timeline = timeline;
    disk = new SimulatedDisk(random.fork(), queue.trace());
    clock = new SimulatedClock(queue, random.fork(), driftPerMille);
  }

  long id() {
    return id;
  }

  SimulatedDisk disk() {
    return disk;
  }

  SimulatedClock clock() {
    return clock;
  }

  /** The run of the node that goes on now; null while the machine is down. */
  @Nullable Life life() {
    return life;
  }

  /** Whether clients can talk to it. */
  boolean serves() {
    return life != null && life.serves();
  }

  boolean isUp() {
    return life != null;
  }

  /**
   * Starts the node.
   *
   * @throws Violation if it cannot start with what its disk holds
   */
  void start() {
    lives++;
    queue.trace().event("start", "node " + id, lives, 0);
    timeline.add(new Moment.Started(queue.nowNanos(), id, lives));
    SimulatedProcess process =
        new SimulatedProcess(
            "node " + id, queue, random, Delays.draw(random), 1 + random.below(2), 10_000);
    process.timersOn(clock);
    Life next = new Life(lives, process);
    List<SimulatedWorkers> sync = new ArrayList<>();
    for (SimulatedLane lane : process.lanes()) {
      sync.add(process.workers("sync " + lane.index(), 1, 10_000));
    }
    NodeEnvironment environment =
        new NodeEnvironment(
            disk,
            clock,
            named(random.fork()),
            List.copyOf(process.lanes()),
            List.copyOf(sync),
            process.workers("reads", 1 + random.below(2), 10_000),
            process.workers("background", 1 + random.below(2), 10_000),
            network.connect(id, process));
    life = next;
    try {
      next.node = Node.start(environment, options, next.host, next.host);
    } catch (IOException e) {
      throw new Violation("node " + id + " did not start", e);
    }
  }

  /** The first number that a new folder draws is its node's identity: the machine's id. */
  private Randomness named(SimulatedRandomness others) {
    return new Randomness() {
      private boolean drawn;

      @Override
      public long nextLong() {
        if (!drawn) {
          drawn = true;
          return id;
        }
        return others.nextLong();
      }
    };
  }

  /** The process is killed; the machine stays up. */
  void kill() {
    end("killed");
    disk.killProcess();
  }

  /** The power goes: what was not synced may be lost. */
  void cutPower() {
    end("power cut");
    disk.killProcess();
    disk.crash();
  }

  private void end(String how) {
    Life ended = life;
    if (ended != null) {
      queue.trace().event(how, "node " + id, ended.number(), 0);
      timeline.add(new Moment.Down(queue.nowNanos(), id, how));
      ended.process().kill();
      life = null;
    }
  }

  /**
   * Looks whether the node met anything that must not happen.
   *
   * @throws Violation if it did
   */
  void check() {
    if (life == null) {
      return;
    }
    if (life.host.failure() != null) {
      throw new Violation("node " + id + " ended by itself", life.host.failure());
    }
    if (life.host.defect() != null) {
      throw new Violation("node " + id + " met a defect", life.host.defect());
    }
  }
}
