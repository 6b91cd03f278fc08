package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.VirtualTime;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Machines lose their power, or their processes are killed; each comes back after a while. One that
 * is down already comes back when that is due which took it down.
 *
 * @param power whether the power goes: then what was not synced may be lost
 * @param downNanos how long each machine stays down
 */
record Outage(boolean power, SortedMap<Long, Long> downNanos) implements Fault {
  static Outage powerCut(SimulatedRandomness random, Extent extent) {
    return new Outage(true, one(random, extent));
  }

  static Outage kill(SimulatedRandomness random, Extent extent) {
    return new Outage(false, one(random, extent));
  }

  static Outage everything(SimulatedRandomness random, Extent extent) {
    SortedMap<Long, Long> downNanos = new TreeMap<>();
    for (long machine = 1; machine <= extent.machines(); machine++) {
      downNanos.put(machine, whileNanos(random));
    }
    return new Outage(true, downNanos);
  }

  private static SortedMap<Long, Long> one(SimulatedRandomness random, Extent extent) {
    SortedMap<Long, Long> downNanos = new TreeMap<>();
    downNanos.put(extent.machine(random), whileNanos(random));
    return downNanos;
  }

  private static long whileNanos(SimulatedRandomness random) {
    return random.magnitude(VirtualTime.MILLI, 20 * VirtualTime.SECOND);
  }

  @Override
  public void strike(Site site) {
    downNanos.forEach((machine, nanos) -> {
      boolean wasUp = power ? site.cutPower(machine) : site.kill(machine);
      if (wasUp) {
        site.later(nanos, "restart", () -> site.start(machine));
      }
    });
  }

  @Override
  public String words() {
    return downNanos.entrySet().stream()
        .map(entry -> "node " + entry.getKey() + " for " + VirtualTime.span(entry.getValue()))
        .collect(Collectors.joining(", ", power ? "power cut: " : "process killed: ", ""));
  }
}
