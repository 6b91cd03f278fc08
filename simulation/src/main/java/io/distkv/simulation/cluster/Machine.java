package io.distkv.simulation.cluster;

import io.distkv.base.Randomness;
import io.distkv.node.Node;
import io.distkv.node.NodeEnvironment;
import io.distkv.node.NodeOptions;
import io.distkv.node.replica.Replica;
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
import io.distkv.simulation.world.VirtualTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One machine of the cluster: its disk and clock, and the node that runs on it, again and again.
 */
final class Machine {
  /** A way that a run may take. */
  static final String ENDED_BY_ITSELF = "node gave up for its disk";

  private final long id;
  private final EventQueue queue;
  private final SimulatedRandomness random;
  private final SimulatedDisk disk;
  private final SimulatedClock clock;
  private final SimulatedNetwork network;
  private final NodeOptions options;
  private final Timeline timeline;
  private final DiskTroubles troubles;
  private int lives;
  private int powerCuts;
  private @Nullable Life life;
  private long restartNanos = VirtualTime.SECOND;
  private long diskWorkNanos;

  /** Whether its node has reported something since it started. */
  private boolean ill;

  /** One run of the node. */
  static final class Life {
    private final int number;
    private final SimulatedProcess process;
    private final SimulatedHost host = new SimulatedHost();
    private @Nullable Node node;
    private List<Replica> replicas = List.of();
    private boolean stopping;

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

    /** The replicas, once the node serves. */
    List<Replica> replicas() {
      if (replicas.isEmpty()) {
        replicas = node().replicas();
      }
      return replicas;
    }

    /** The replica of a partition, once the node serves. */
    Replica replica(int partition) {
      return replicas().stream()
          .filter(replica -> replica.partition() == partition)
          .findFirst()
          .orElseThrow();
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
      Timeline timeline,
      DiskTroubles troubles) {
    this.id = id;
    this.troubles = troubles;
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

  /** Whether all that the node holds can be read: it serves, and nothing is or was wrong here. */
  boolean isReadable() {
    return life != null
        && life.serves()
        && !life.stopping
        && !ill
        && !troubles.any()
        && disk.faults().isQuiet();
  }

  SimulatedClock clock() {
    return clock;
  }

  /** The run of the node that goes on now; null while the machine is down. */
  @Nullable Life life() {
    return life;
  }

  /** How often the node has started. */
  int lives() {
    return lives;
  }

  /** How often its power went while the node ran. */
  int powerCuts() {
    return powerCuts;
  }

  /** Whether clients can talk to it. */
  boolean serves() {
    return life != null && life.serves();
  }

  boolean isUp() {
    return life != null;
  }

  /** If the node ends by itself, it is started again so much later. */
  void restartAfter(long nanos) {
    restartNanos = nanos;
  }

  /** Each piece of work on the disk takes so much longer. */
  void slowDisk(long nanos) {
    diskWorkNanos = nanos;
    if (life != null) {
      life.process().slowWork(nanos);
    }
  }

  /**
   * Starts the node; if its disk lets it not, it is tried again later.
   *
   * @throws Violation if it cannot start with what its disk holds
   */
  void start() {
    lives++;
    ill = false;
    queue.trace().event("start", "node " + id, lives, 0);
    timeline.add(new Moment.Started(queue.nowNanos(), id, lives));
    SimulatedProcess process =
        new SimulatedProcess(
            "node " + id, queue, random, Delays.draw(random), 1 + random.below(2), 10_000);
    process.timersOn(clock);
    process.slowWork(diskWorkNanos);
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
      if (!troubles.excuse(e)) {
        throw new Violation("node " + id + " did not start", e);
      }
      endByItself(e);
    }
  }

  /** Tells the node to stop, if it serves. */
  void stop(Runnable then) {
    Life stopping = life;
    if (stopping == null || stopping.stopping || !stopping.serves()) {
      return;
    }
    stopping.stopping = true;
    queue.trace().event("stop", "node " + id, stopping.number(), 0);
    stopping
        .node()
        .stop(() -> {
          if (life == stopping && stopping.process().alive()) {
            end("stopped");
            disk.killProcess();
            then.run();
          }
        });
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
    powerCuts += isUp() ? 1 : 0;
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
   * Looks whether the power went, and whether the node met anything that must not happen.
   *
   * @throws Violation if it did, and no trouble of a disk is an excuse
   */
  void check() {
    if (disk.isDown()) {
      cutPower();
      restartLater();
      return;
    }
    if (life == null) {
      return;
    }
    Throwable failure = life.host.failure();
    if (failure != null) {
      if (!troubles.excuse(failure)) {
        throw new Violation("node " + id + " ended by itself", failure);
      }
      endByItself(failure);
      return;
    }
    Throwable defect = life.host.takeDefect();
    if (defect != null) {
      if (!troubles.excuse(defect)) {
        throw new Violation("node " + id + " met a defect", defect);
      }
      queue.trace().detail(() -> "node " + id + " reports: " + defect);
      ill = true;
    }
  }

  /**
   * The node gave up. Where a sync failed, nobody knows what of the files is on the disk, whatever
   * can be read: the machine is started anew.
   */
  private void endByItself(Throwable why) {
    queue.trace().tally().count(ENDED_BY_ITSELF);
    end("it gave up: " + why.getMessage());
    disk.killProcess();
    disk.crash();
    restartLater();
  }

  private void restartLater() {
    queue.after(
        restartNanos,
        "restart",
        () -> {
          if (!isUp()) {
            start();
          }
        });
  }

  /** Its disk is as it should be, and its node ends if it may have met any trouble of it. */
  void mend() {
    boolean troubled = ill || troubles.any() || !disk.faults().isQuiet();
    disk.faults().clear();
    disk.mendBits();
    slowDisk(0);
    if (troubled) {
      kill();
    }
  }
}
