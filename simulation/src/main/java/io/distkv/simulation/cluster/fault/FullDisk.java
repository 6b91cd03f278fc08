package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.VirtualTime;

/**
 * A machine's disk fills up.
 *
 * @param roomBytes that are left
 * @param forNanos after which there is room again
 */
record FullDisk(long machine, long roomBytes, long forNanos) implements Fault {
  static FullDisk draw(SimulatedRandomness random, Extent extent) {
    return new FullDisk(
        extent.machine(random),
        random.magnitude(1, 500_000),
        random.magnitude(10 * VirtualTime.MILLI, 15 * VirtualTime.SECOND));
  }

  @Override
  public void strike(Site site) {
    site.fillDisk(machine, roomBytes);
    site.later(forNanos, "room on the disk", () -> site.makeRoom(machine));
  }

  @Override
  public String words() {
    return "the disk of node %d has room for %d bytes more, for %s"
        .formatted(machine, roomBytes, VirtualTime.span(forNanos));
  }
}
