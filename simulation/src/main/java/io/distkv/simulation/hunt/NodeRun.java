package io.distkv.simulation.hunt;

import io.distkv.base.Disk;
import io.distkv.node.command.CommandTable;
import io.distkv.node.keyspace.Durability;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.simulation.disk.SimulatedCrash;
import io.distkv.simulation.disk.SimulatedDisk;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedClock;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import io.distkv.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
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
final class NodeRun extends Lives {
  private static final long SECOND = 1_000_000_000L;
  private static final long PATIENCE_NANOS = 3600 * SECOND;

  /** How much later than its interval a sync may end on the slowest disk. */
  private static final long SYNC_PATIENCE_NANOS = 2 * SECOND;

  private static final long DAY_MILLIS = 86_400_000L;
  private static final long HOUR_MILLIS = 3_600_000L;
  private static final long CLOCK_SLACK_MILLIS = 60_000L;

  private final SimulatedRandomness random = random();
  private final EventQueue queue = queue();
  private final SimulatedDisk disk = disk();
  private final SimulatedClock clock;
  private final RunOptions options;
  private final CommandTable table = CommandTable.standard();
  private final List<Owner> owners = new ArrayList<>();
  private final List<CommandDice> dice = new ArrayList<>();
  private final List<SharedCounter> counters = new ArrayList<>();
  private final Losses losses = new Losses();

  /** Half of all runs have one. */
  private final @Nullable Founder founder;

  /** A third of all runs have some, who watch the same keyspace. */
  private final List<Onlooker> onlookers = new ArrayList<>();

  private List<KeyspaceOptions> keyspaces = List.of();
  private @Nullable Violation violation;
  private @Nullable NodeLife life;
  private @Nullable Remains remains;
  private long latestMillis;
  private long moment;
  private long requests;

  NodeRun(long seed, Trace trace) {
    this(seed, trace, disk -> disk);
  }

  /**
   * @param between makes the disk that the node sees; a test puts a lying one there
   */
  NodeRun(long seed, Trace trace, UnaryOperator<Disk> between) {
    super(seed, trace, between);
    this.clock = new SimulatedClock(queue, random.fork());
    this.options = new RunOptions(random.fork());
    drawOwners();
    // Drawn beside the run's own numbers, so that seeds without them go the way that they went.
    SimulatedRandomness itsOwn = new SimulatedRandomness(~seed);
    founder = itsOwn.chance(50) ? new Founder(table, itsOwn, trace.tally()) : null;
    SimulatedRandomness eyes = new SimulatedRandomness(Long.rotateLeft(~seed, 32));
    Space watched = options.spaces().get(eyes.below(options.spaces().size()));
    for (boolean more = eyes.chance(33); more; more = onlookers.size() < 4 && eyes.chance(60)) {
      onlookers.add(new Onlooker(this, watched, eyes, trace.tally()));
    }
  }

  /**
   * Runs it.
   *
   * @throws Violation if a promise was broken
   */
  Scenario.Outcome run() {
    liveSeveralTimes(6);
    return outcome(requests);
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

  @Override
  void live(Ending ending) {
    keyspaces = options.drawKeyspaces();
    NodeLife now = new NodeLife(this, lives(), random.fork(), ending);
    life = now;
    try {
      NodeLife.End end = now.run();
      end(now);
      if (end == NodeLife.End.STOPPED) {
        losses.stopped();
        requireNothingOpen("a stopped node");
      }
      disk.killProcess();
      boolean mayGoOn = end != NodeLife.End.FAILED && ending != Ending.SYNC_FAILURE;
      if (!mayGoOn || (end == NodeLife.End.STOPPED && random.chance(50))) {
        cutPower();
      }
    } catch (SimulatedCrash e) {
      end(now);
      endByCrash(ending);
    }
    shiftClock();
  }

  private void end(NodeLife ended) {
    ended.kill();
    losses.ended(queue.nowNanos());
  }

  @Override
  void powerWasCut() {
    losses.powerCut();
  }

  /** The clock may have moved while the node was down. */
  private void shiftClock() {
    latestMillis = Math.max(latestMillis, clock.wallMillis());
    long intoDay = clock.wallMillis() % DAY_MILLIS;
    if (random.chance(25)) {
      clock.jumpMillis(DAY_MILLIS - intoDay + 3 * HOUR_MILLIS);
    } else if (random.chance(15) && intoDay > 2 * HOUR_MILLIS) {
      clock.jumpMillis(-HOUR_MILLIS);
    }
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

  /** Who may write to a keyspace. */
  List<Owner> ownersIn(Space space) {
    boolean made =
        founder != null && founder.made().stream().anyMatch(each -> each.space().equals(space));
    return founder != null && made ? List.of(founder.owner()) : owners;
  }

  /** Who makes keyspaces, if anybody does. */
  @Nullable Founder founder() {
    return founder;
  }

  /** Who watch a keyspace, if anybody does. */
  List<Onlooker> onlookers() {
    return onlookers;
  }

  List<SharedCounter> counters() {
    return counters;
  }

  Losses losses() {
    return losses;
  }

  /** How long after its acknowledgement a write to a keyspace is surely synced. */
  long syncedWithinNanos(Space space) {
    return syncedWithinNanos(keyspaces.get(space.number()).durability());
  }

  /** The same for a keyspace of this durability. */
  static long syncedWithinNanos(Durability durability) {
    return switch (durability.mode()) {
      case COMMIT -> 0;
      case INTERVAL -> durability.intervalMillis() * 1_000_000 + SYNC_PATIENCE_NANOS;
      case NONE -> Step.NEVER;
    };
  }

  /** The node is about to end, and this is all that it holds. */
  void remains(Remains held) {
    remains = held;
  }

  /** What the node before held at its end, if that is known; known no more afterwards. */
  @Nullable Remains takeRemains() {
    Remains taken = remains;
    remains = null;
    return taken;
  }

  /** Later than the node's clocks have been so far, the one that never goes back included. */
  long latestMillis() {
    return Math.max(latestMillis, clock.wallMillis()) + CLOCK_SLACK_MILLIS;
  }

  /** The node as it runs now. */
  NodeLife life() {
    if (life == null) {
      throw new IllegalStateException("nothing lives yet");
    }
    return life;
  }

  SimulatedClock clock() {
    return clock;
  }

  RunOptions options() {
    return options;
  }

  /** What the keyspaces are like in this life. */
  List<KeyspaceOptions> keyspaces() {
    return keyspaces;
  }

  List<CommandDice> dice() {
    return dice;
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
      requirePower();
    }
  }
}
