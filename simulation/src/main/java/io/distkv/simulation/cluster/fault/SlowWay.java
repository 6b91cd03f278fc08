package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.world.SimulatedNetwork.Way;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.VirtualTime;

/**
 * Whatever goes one way of the network takes longer.
 *
 * @param nanos by how much
 */
record SlowWay(Way way, long nanos, Healing healing) implements Fault {
  static SlowWay draw(SimulatedRandomness random, Extent extent) {
    return new SlowWay(
        new Way(extent.machine(random), extent.machine(random)),
        random.magnitude(VirtualTime.MILLI, 2 * VirtualTime.SECOND),
        Healing.draw(random));
  }

  @Override
  public void strike(Site site) {
    healing.of(site.network().slow(way, nanos), site);
  }

  @Override
  public String words() {
    return "the way from node %d to node %d is slower by %s%s"
        .formatted(way.from(), way.to(), VirtualTime.span(nanos), healing.words());
  }
}
