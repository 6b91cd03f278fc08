package io.distkv.simulation.hunt;

import io.distkv.node.Node;
import io.distkv.node.NodeEnvironment;
import io.distkv.node.command.CommandTable;
import io.distkv.node.keyspace.Durability;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.simulation.disk.DiskFaults.Operation;
import io.distkv.simulation.disk.SimulatedCrash;
import io.distkv.simulation.disk.SimulatedDisk;
import io.distkv.simulation.world.Delays;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedClock;
import io.distkv.simulation.world.SimulatedLane;
import io.distkv.simulation.world.SimulatedProcess;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.SimulatedWorkers;
import io.distkv.simulation.world.Trace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One seed: a node on a simulated disk lives several lives. In each, clients send random commands
 * until the power is cut at a random I/O step, the process is killed, a sync fails, or it is told
 * to stop; and at the beginning of the next, everything that it holds is compared with what it
 * promised.
 *
 * <p>Checked after every restart, for every client and partition: what is found is what the first n
 * of the client's writes leave, for one n, so that no write is lost before one that is there, none
 * is there in part, and none was invented; n is at least what had to survive, which after a power
 * cut is every write whose acknowledgement meant a sync (or is older than the interval), else every
 * acknowledged write; and what was lost, over all clients of a partition, comes after all that was
 * not. Besides, every reply is compared with the model's.
 */
final class NodeRun {
  private static final long SECOND = 1_000_000_000L;
  private static final long PATIENCE_NANOS = 3600 * SECOND;

  /** How much later than its interval a sync may end on the slowest disk. */
  private static final long SYNC_PATIENCE_NANOS = 2 * SECOND;

  private static final long DAY_MILLIS = 86_400_000L;
  private static final long HOUR_MILLIS = 3_600_000L;

  private final SimulatedRandomness random;
  private final Trace trace;
  private final EventQueue queue;
  private final SimulatedDisk disk;
  private final SimulatedClock clock;
  private final RunOptions options;
  private final CommandTable table = CommandTable.standard();
  private final List<Owner> owners = new ArrayList<>();
  private final List<CommandDice> dice = new ArrayList<>();
  private final List<SharedCounter> counters = new ArrayList<>();
  private final Losses losses = new Losses();
  private List<KeyspaceOptions> keyspaces = List.of();
  private @Nullable Violation violation;
  private boolean mayRefuse;
  private boolean mayFail;
  private long moment;
  private long requests;
  private int lives;
  private int powerCuts;

  NodeRun(long seed, Trace trace) {
    this.random = new SimulatedRandomness(seed);
    this.trace = trace;
    this.queue = new EventQueue(trace);
    this.disk = new SimulatedDisk(random.fork(), trace);
    this.clock = new SimulatedClock(queue, random.fork());
    this.options = new RunOptions(random.fork());
    drawOwners();
  }

  /**
   * Runs it.
   *
   * @throws Violation if a promise was broken
   */
  Scenario.Outcome run() {
    for (int left = 1 + random.below(6); left > 0; left--) {
      live(random.pick(Ending.values()));
    }
    live(Ending.STOP);
    return new Scenario.Outcome(trace.hex(), trace.events(), requests, lives, powerCuts);
  }

  private void drawOwners() {
    List<Space> shared = options.spaces().stream().filter(space -> !space.exclusive()).toList();
    int count = 1 + random.below(4);
    for (int i = 0; i < count; i++) {
      List<Space> itsSpaces = new ArrayList<>(shared);
      for (Space space : options.spaces()) {
        if (space.exclusive() && space.number() % count == i) {
          itsSpaces.add(space);
        }
      }
      SimulatedRandomness itsRandom = random.fork();
      Owner owner = new Owner("c" + i, itsSpaces, table, itsRandom);
      owners.add(owner);
      dice.add(new CommandDice(owner, itsRandom, itsRandom.pick(10, 100, 3_000, 60_000)));
    }
    shared.forEach(space -> counters.add(new SharedCounter(space)));
  }

  private void live(Ending ending) {
    lives++;
    trace.event("life", ending.name(), lives, disk.usedBytes());
    mayFail = ending == Ending.SYNC_FAILURE;
    Life life = new Life();
    try {
      boolean stopped = life.run(ending);
      end(life);
      if (stopped) {
        losses.stopped();
        if (!disk.openFiles().isEmpty()) {
          throw new Violation(
              "a stopped node left open " + disk.openFiles().stream().limit(5).toList());
        }
      }
      disk.killProcess();
      if (ending == Ending.SYNC_FAILURE || (stopped && random.chance(50))) {
        cutPower();
      }
    } catch (SimulatedCrash e) {
      end(life);
      disk.killProcess();
      if (ending == Ending.POWER_CUT) {
        cutPower();
      }
    }
    disk.faults().clear();
    shiftClock();
  }

  private void end(Life life) {
    life.process.kill();
    losses.ended(queue.nowNanos());
  }

  private void cutPower() {
    powerCuts++;
    disk.crash();
    losses.powerCut();
  }

  /** The clock may have moved while the node was down. */
  private void shiftClock() {
    long intoDay = clock.wallMillis() % DAY_MILLIS;
    if (random.chance(25)) {
      clock.jumpMillis(DAY_MILLIS - intoDay + 3 * HOUR_MILLIS);
    } else if (random.chance(15) && intoDay > 2 * HOUR_MILLIS) {
      clock.jumpMillis(-HOUR_MILLIS);
    }
  }

  Trace trace() {
    return trace;
  }

  /** The next number in the order of all submissions and answers. */
  long nextMoment() {
    requests++;
    return moment++;
  }

  long nowNanos() {
    return queue.nowNanos();
  }

  long wallMillis() {
    return clock.wallMillis();
  }

  CommandTable table() {
    return table;
  }

  List<Owner> owners() {
    return owners;
  }

  List<SharedCounter> counters() {
    return counters;
  }

  Losses losses() {
    return losses;
  }

  /** How long after its acknowledgement a write to a keyspace is surely synced. */
  long syncedWithinNanos(Space space) {
    Durability durability = keyspaces.get(space.number()).durability();
    return switch (durability.mode()) {
      case COMMIT -> 0;
      case INTERVAL -> durability.intervalMillis() * 1_000_000 + SYNC_PATIENCE_NANOS;
      case NONE -> Step.NEVER;
    };
  }

  /** Whether the node may answer that it did nothing. */
  boolean mayRefuse() {
    return mayRefuse;
  }

  /** Whether the node may stop serving because a sync failed. */
  boolean mayFail() {
    return mayFail;
  }

  /** An expiry that lies days ahead: no command runs so near to it that its order would matter. */
  long farMillis(SimulatedRandomness itsRandom) {
    return (clock.wallMillis() / DAY_MILLIS + 1 + itsRandom.below(3)) * DAY_MILLIS;
  }

  SharedCounter counter(Space space) {
    return counters.stream()
        .filter(counter -> counter.space().equals(space))
        .findFirst()
        .orElseThrow();
  }

  /** A promise was broken, deep inside the node's own calls: the run ends after this event. */
  void violated(String what) {
    if (violation == null) {
      violation = new Violation(what);
    }
  }

  /** Runs events until something holds. */
  void runUntil(BooleanSupplier condition, String what) {
    long deadline = queue.nowNanos() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (queue.nowNanos() > deadline || !queue.step()) {
        throw new Violation("waited in vain for: " + what);
      }
      if (violation != null) {
        throw violation;
      }
      if (disk.isDown()) {
        throw new SimulatedCrash("the node went on after the power cut");
      }
    }
  }

  /** One run of the node. */
  private final class Life {
    private final SimulatedProcess process;
    private final SimulatedHost host = new SimulatedHost();
    private @Nullable Node node;

    Life() {
      SimulatedRandomness itsRandom = random.fork();
      process =
          new SimulatedProcess(
              "life " + lives,
              queue,
              itsRandom,
              Delays.draw(itsRandom),
              1 + random.below(3),
              10_000);
      keyspaces = options.drawKeyspaces();
    }

    /** Whether it ended by being told to stop. */
    boolean run(Ending ending) {
      if (ending.isAtStep()) {
        disk.faults().crashAtStep(disk.steps() + random.magnitude(1, 3000));
      }
      node = start();
      runUntil(() -> host.hasStarted() || host.failure() != null, "the start of the node");
      if (host.failure() != null) {
        throw new Violation("the node did not start", host.failure());
      }
      SimulatedLane lane = process.lanes().get(random.below(process.lanes().size()));
      new Checker(NodeRun.this, random.fork(), lane, node).check(options.spaces());
      if (ending == Ending.SYNC_FAILURE) {
        disk.faults().fail(Operation.SYNC, "journal", random.magnitude(1, 40), false);
      }
      List<Talk> talks = talk(node);
      BooleanSupplier end = end(ending, talks);
      runUntil(() -> host.failure() != null || end.getAsBoolean(), "the end of all requests");
      if (host.defect() != null && ending != Ending.SYNC_FAILURE) {
        throw new Violation("a defect showed", host.defect());
      }
      Throwable failure = host.failure();
      if (failure != null && ending != Ending.SYNC_FAILURE) {
        throw new Violation("the node failed", failure);
      }
      if (ending == Ending.STOP) {
        stop(node);
        return true;
      }
      return false;
    }

    private Node start() {
      List<SimulatedWorkers> sync = new ArrayList<>();
      for (SimulatedLane lane : process.lanes()) {
        sync.add(process.workers("sync " + lane.index(), 1, 10_000));
      }
      NodeEnvironment environment =
          new NodeEnvironment(
              disk,
              clock,
              random.fork(),
              List.copyOf(process.lanes()),
              List.copyOf(sync),
              process.workers("reads", 1 + random.below(3), 10_000),
              process.workers("background", 1 + random.below(3), 10_000));
      try {
        return Node.start(environment, options.drawNode(keyspaces), host, host);
      } catch (IOException e) {
        throw new Violation("the node did not start", e);
      }
    }

    private List<Talk> talk(Node itsNode) {
      List<Talk> talks = new ArrayList<>();
      for (int i = 0; i < owners.size(); i++) {
        SimulatedLane lane = process.lanes().get(random.below(process.lanes().size()));
        Talk talk =
            new Talk(
                NodeRun.this,
                owners.get(i),
                dice.get(i),
                lane,
                random.pick(1, 3, 20),
                (int) random.magnitude(1, 300));
        talk.start(itsNode);
        talks.add(talk);
      }
      return talks;
    }

    /** A kill comes at any event, everything else when nothing is left to be done. */
    private BooleanSupplier end(Ending ending, List<Talk> talks) {
      BooleanSupplier finished = () -> talks.stream().allMatch(Talk::finished);
      long killAfter = trace.events() + random.magnitude(1, 20_000);
      return ending == Ending.KILL
          ? () -> trace.events() >= killAfter || finished.getAsBoolean()
          : finished;
    }

    private void stop(Node itsNode) {
      boolean[] stopped = new boolean[1];
      itsNode.stop(() -> stopped[0] = true);
      runUntil(() -> stopped[0], "the node's stop");
      queue.runFor(10 * SECOND);
    }
  }
}
