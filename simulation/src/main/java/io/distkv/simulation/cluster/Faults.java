package io.distkv.simulation.cluster;

import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Tally;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes wrong, at times drawn from the seed: machines lose their power, processes are killed or
 * stand still, ways of the network are cut or slow, clocks jump. After {@link #end} everything is
 * mended and nothing goes wrong any more.
 */
final class Faults {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;

  /** What can go wrong. */
  enum Kind {
    POWER_CUT,
    KILL,
    PAUSE,
    ISOLATE,
    SPLIT,
    ONE_WAY,
    BRIDGE,
    SLOW_WAY,
    HEAL,
    CLOCK_JUMP,
    EVERYTHING_DOWN
  }

  private final Cluster cluster;
  private final EventQueue queue;
  private final SimulatedRandomness random;
  private final List<Kind> kinds = new ArrayList<>();
  private final long everyNanos;
  private boolean ended;
  private long count;

  Faults(Cluster cluster, EventQueue queue, SimulatedRandomness random, long everyNanos) {
    this.cluster = cluster;
    this.queue = queue;
    this.random = random;
    this.everyNanos = everyNanos;
    Tally tally = queue.trace().tally();
    for (Kind kind : Kind.values()) {
      tally.expect(way(kind));
      if (random.chance(60)) {
        kinds.add(kind);
      }
    }
  }

  private static String way(Kind kind) {
    return "fault " + kind;
  }

  /** How many there have been. */
  long count() {
    return count;
  }

  /** Lets the first one come. */
  void begin() {
    queue.after(random.between(0, 2 * everyNanos), "fault", this::next);
  }

  private void next() {
    if (ended) {
      return;
    }
    if (!kinds.isEmpty()) {
      Kind kind = kinds.get(random.below(kinds.size()));
      count++;
      queue.trace().event("fault", kind.name(), count, 0);
      queue.trace().tally().count(way(kind));
      strike(kind);
      if (!cluster.network().isHealthy() && random.chance(70)) {
        long nanos = random.magnitude(10 * MILLI, 20 * SECOND);
        queue.after(nanos, "heal", () -> cluster.network().heal());
      }
    }
    queue.after(random.between(0, 2 * everyNanos), "fault", this::next);
  }

  private void strike(Kind kind) {
    Machine machine = any();
    switch (kind) {
      case POWER_CUT -> {
        machine.cutPower();
        restartLater(machine);
      }
      case KILL -> {
        machine.kill();
        restartLater(machine);
      }
      case PAUSE -> {
        Machine.Life life = machine.life();
        if (life != null) {
          life.process().pause(random.magnitude(MILLI, 10 * SECOND));
        }
      }
      case ISOLATE -> cut(List.of(machine));
      case SPLIT -> cut(some());
      case ONE_WAY -> {
        for (Machine other : cluster.machines()) {
          if (other != machine) {
            cluster.network().cut(machine.id(), other.id());
          }
        }
      }
      case BRIDGE -> bridge(machine);
      case SLOW_WAY ->
          cluster.network().slow(machine.id(), any().id(), random.magnitude(MILLI, 2 * SECOND));
      case HEAL -> cluster.network().heal();
      case CLOCK_JUMP -> machine.clock().jumpMillis(random.between(-3_600_000, 3_600_000));
      case EVERYTHING_DOWN -> {
        for (Machine each : cluster.machines()) {
          each.cutPower();
          restartLater(each);
        }
      }
    }
  }

  private Machine any() {
    return cluster.machines().get(random.below(cluster.machines().size()));
  }

  private List<Machine> some() {
    return cluster.machines().stream().filter(machine -> random.chance(50)).toList();
  }

  private void cut(List<Machine> side) {
    for (Machine one : cluster.machines()) {
      for (Machine other : cluster.machines()) {
        if (side.contains(one) != side.contains(other)) {
          cluster.network().cut(one.id(), other.id());
        }
      }
    }
  }

  /** Two sides that only one machine can talk to. */
  private void bridge(Machine machine) {
    List<Machine> side = some();
    for (Machine one : cluster.machines()) {
      for (Machine other : cluster.machines()) {
        boolean apart = side.contains(one) != side.contains(other);
        if (apart && one != machine && other != machine) {
          cluster.network().cut(one.id(), other.id());
        }
      }
    }
  }

  private void restartLater(Machine machine) {
    queue.after(random.magnitude(MILLI, 20 * SECOND), "restart", () -> restart(machine));
  }

  private static void restart(Machine machine) {
    if (!machine.isUp()) {
      machine.start();
    }
  }

  /** Nothing goes wrong any more: what is down comes back, and all ways are open. */
  void end() {
    ended = true;
    cluster.network().calm();
    cluster.machines().forEach(Faults::restart);
  }
}
