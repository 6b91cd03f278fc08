package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.VirtualTime;

/**
 * A process stands still, as one does whose machine swaps or collects garbage.
 *
 * @param nanos for how long
 */
record Pause(long machine, long nanos) implements Fault {
  static Pause draw(SimulatedRandomness random, Extent extent) {
    return new Pause(
        extent.machine(random), random.magnitude(VirtualTime.MILLI, 10 * VirtualTime.SECOND));
  }

  @Override
  public void strike(Site site) {
    site.pause(machine, nanos);
  }

  @Override
  public String words() {
    return "node " + machine + " stands still for " + VirtualTime.span(nanos);
  }
}
