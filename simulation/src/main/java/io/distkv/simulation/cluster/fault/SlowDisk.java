package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.VirtualTime;

/**
 * Whatever a machine's node does on its disk takes longer.
 *
 * @param nanos by how much each piece of work
 * @param forNanos after which it does not any more
 */
record SlowDisk(long machine, long nanos, long forNanos) implements Fault {
  static SlowDisk draw(SimulatedRandomness random, Extent extent) {
    return new SlowDisk(
        extent.machine(random),
        random.magnitude(VirtualTime.MILLI, 2 * VirtualTime.SECOND),
        random.magnitude(10 * VirtualTime.MILLI, 20 * VirtualTime.SECOND));
  }

  @Override
  public void strike(Site site) {
    site.slowDisk(machine, nanos);
    site.later(forNanos, "disk as fast as before", () -> site.slowDisk(machine, 0));
  }

  @Override
  public String words() {
    return "the disk of node %d takes %s longer for each piece of work, for %s"
        .formatted(machine, VirtualTime.span(nanos), VirtualTime.span(forNanos));
  }
}
