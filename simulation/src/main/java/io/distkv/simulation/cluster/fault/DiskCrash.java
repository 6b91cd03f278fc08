package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.disk.DiskFaults.Operation;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.VirtualTime;

/**
 * The power of a machine goes right at one of the next operations of a kind on its disk.
 *
 * @param nth which one: 1 is the next
 * @param downNanos how long the machine then stays down
 */
record DiskCrash(long machine, Operation operation, long nth, long downNanos) implements Fault {
  static DiskCrash draw(SimulatedRandomness random, Extent extent) {
    return new DiskCrash(
        extent.machine(random),
        random.pick(Operation.steps()),
        random.magnitude(1, 20),
        random.magnitude(200 * VirtualTime.MILLI, 5 * VirtualTime.SECOND));
  }

  @Override
  public void strike(Site site) {
    site.restartAfter(machine, downNanos);
    site.disk(machine).faults().crashAt(operation, nth);
  }

  @Override
  public String words() {
    return "the power of node %d goes at %s number %d from here, for %s"
        .formatted(machine, operation, nth, VirtualTime.span(downNanos));
  }
}
