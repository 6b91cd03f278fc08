package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.disk.DiskFaults.Operation;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.VirtualTime;

/**
 * Operations of a kind fail on a machine's disk.
 *
 * @param nth the first that does: 1 is the next
 * @param andAfter whether all after it fail, too
 * @param forNanos after which they succeed again
 * @param downNanos how long the machine stays down if its node gives up
 */
record DiskFailure(
    long machine, Operation operation, long nth, boolean andAfter, long forNanos, long downNanos)
    implements Fault {

  static DiskFailure ofSync(SimulatedRandomness random, Extent extent) {
    return draw(random, extent, Operation.SYNC);
  }

  static DiskFailure ofRead(SimulatedRandomness random, Extent extent) {
    return draw(random, extent, Operation.READ);
  }

  private static DiskFailure draw(SimulatedRandomness random, Extent extent, Operation operation) {
    return new DiskFailure(
        extent.machine(random),
        operation,
        random.magnitude(1, 40),
        random.chance(30),
        random.magnitude(VirtualTime.MILLI, 5 * VirtualTime.SECOND),
        random.magnitude(200 * VirtualTime.MILLI, 5 * VirtualTime.SECOND));
  }

  @Override
  public void strike(Site site) {
    site.restartAfter(machine, downNanos);
    site.disk(machine).faults().fail(operation, "", nth, andAfter);
    site.later(forNanos, "disk mended", () -> site.disk(machine).faults().heal(operation));
  }

  @Override
  public String words() {
    return "%s number %d from here%s fails on the disk of node %d, for at most %s"
        .formatted(operation, nth, andAfter ? " and all after it" : "", machine, span(forNanos));
  }

  private static String span(long nanos) {
    return VirtualTime.span(nanos);
  }
}
