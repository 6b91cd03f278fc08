package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.VirtualTime;

/**
 * A node is told to stop, as for an upgrade, and is started again after a while.
 *
 * @param downNanos how long it stays down once it has stopped
 */
record Stop(long machine, long downNanos) implements Fault {
  static Stop draw(SimulatedRandomness random, Extent extent) {
    return new Stop(
        extent.machine(random), random.magnitude(VirtualTime.MILLI, 10 * VirtualTime.SECOND));
  }

  @Override
  public void strike(Site site) {
    site.stop(
        machine, () -> site.later(downNanos, "start after a stop", () -> site.start(machine)));
  }

  @Override
  public String words() {
    return "node %d is told to stop, and started %s later"
        .formatted(machine, VirtualTime.span(downNanos));
  }
}
