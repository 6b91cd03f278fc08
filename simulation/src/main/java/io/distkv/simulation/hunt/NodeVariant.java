package io.distkv.simulation.hunt;

import io.distkv.node.NodeOptions;
import io.distkv.node.keyspace.Durability;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.simulation.disk.SimulatedDisk;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedClock;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import io.distkv.simulation.world.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way to answer a given script of requests: a node in a world of its own, whose partitions are
 * drawn once, and lanes, sizes, caches, compressions, history and durability at each of its starts,
 * with stops, kills and power cuts between the requests. Every answer must be the model's.
 */
final class NodeVariant {
  private static final long SECOND = 1_000_000_000L;

  private final SimulatedRandomness random;
  private final Trace trace;
  private final EventQueue queue;
  private final SimulatedDisk disk;
  private final SimulatedClock clock;
  private final Script script;
  private final RunOptions options;
  private final ScriptPlayer player;
  private List<KeyspaceOptions> keyspaces = List.of();
  private @Nullable NodeOptions nodeOptions;
  private @Nullable SimulatedNode node;
  private int lives;
  private int powerCuts;

  NodeVariant(SimulatedRandomness random, Trace trace, Script script) {
    this.random = random;
    this.trace = trace;
    this.queue = new EventQueue(trace);
    this.disk = new SimulatedDisk(random.fork(), trace);
    this.clock = new SimulatedClock(queue, random.fork());
    this.script = script;
    this.options = new RunOptions(random.fork(), script.keyspaces());
    this.player = new ScriptPlayer(script, options.spaces(), clock);
  }

  int lives() {
    return lives;
  }

  int powerCuts() {
    return powerCuts;
  }

  /** What it is like at present, for reports. */
  String description() {
    return "started %d times, last with %s".formatted(lives, nodeOptions);
  }

  /** Plays the script; returns how many answers there were. */
  long run() {
    start();
    for (Script.Line line : script.lines()) {
      if (line instanceof Script.Night) {
        settle();
      }
      player.play(line, node());
      requireSound();
      if (random.below(60) == 0) {
        settle();
        end(random.pick(Ending.STOP, Ending.KILL, Ending.POWER_CUT));
        start();
      } else if (random.below(20) == 0) {
        settle();
        queue.runFor(random.magnitude(1, 3 * SECOND));
      }
    }
    settle();
    end(Ending.STOP);
    start();
    player.readAll(node());
    settle();
    end(Ending.STOP);
    return player.answers();
  }

  private SimulatedNode node() {
    SimulatedNode running = node;
    if (running == null) {
      throw new IllegalStateException("the node does not run");
    }
    return running;
  }

  private void start() {
    lives++;
    keyspaces = options.drawKeyspaces();
    NodeOptions drawn = options.drawNode(keyspaces);
    nodeOptions = drawn;
    SimulatedNode fresh = new SimulatedNode("life " + lives, random.fork(), queue, disk, clock);
    Throwable failure = fresh.start(drawn);
    if (failure != null) {
      throw new Violation("the node did not start", failure);
    }
    node = fresh;
    player.enter(fresh);
  }

  /** All is answered, and survives any end but a power cut of what was not synced. */
  private void end(Ending drawn) {
    Ending ending = drawn == Ending.POWER_CUT && !allSynced() ? Ending.KILL : drawn;
    trace.event("end", ending.name(), lives, disk.usedBytes());
    if (ending == Ending.STOP) {
      node().stop();
    } else {
      node().kill();
    }
    if (ending == Ending.POWER_CUT || (ending == Ending.STOP && random.chance(50))) {
      powerCuts++;
      disk.crash();
    }
  }

  private boolean allSynced() {
    return keyspaces.stream()
        .allMatch(keyspace -> keyspace.durability().mode() == Durability.Mode.COMMIT);
  }

  private void settle() {
    node().settle();
    requireSound();
  }

  private void requireSound() {
    Throwable trouble = node().trouble();
    if (trouble != null) {
      throw new Violation("the node failed, or a defect showed", trouble);
    }
  }
}
