package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.VirtualTime;

/**
 * A bit of a file on a machine's disk, be it of a table, a manifest or a journal, reads as what it
 * is not, until the disk is mended or the place is written over.
 *
 * @param file which of the files that are there, and {@code bit} which bit of it: any numbers
 * @param forNanos after which the disk is mended, and the node started again
 * @param downNanos how long the machine stays down if its node gives up before
 */
record RottenBit(long machine, long file, long bit, long forNanos, long downNanos)
    implements Fault {

  static RottenBit draw(SimulatedRandomness random, Extent extent) {
    return new RottenBit(
        extent.machine(random),
        random.nextLong() >>> 1,
        random.nextLong() >>> 1,
        random.magnitude(VirtualTime.SECOND, 20 * VirtualTime.SECOND),
        random.magnitude(200 * VirtualTime.MILLI, 5 * VirtualTime.SECOND));
  }

  @Override
  public void strike(Site site) {
    site.restartAfter(machine, downNanos);
    if (site.rot(machine, file, bit)) {
      site.later(forNanos, "rot mended", () -> site.mendRot(machine));
    }
  }

  @Override
  public String words() {
    return "a bit of a file of node %d is rotten, for %s"
        .formatted(machine, VirtualTime.span(forNanos));
  }
}
