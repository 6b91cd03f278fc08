package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.world.SimulatedRandomness;

/** Whoever leads a partition is told to hand over to another machine, be it a voter or not. */
record HandOver(int partition, long to) implements Fault {
  static HandOver draw(SimulatedRandomness random, Extent extent) {
    return new HandOver(extent.partition(random), extent.machine(random));
  }

  @Override
  public void strike(Site site) {
    site.handOver(partition, to);
  }

  @Override
  public String words() {
    return "the leader of group %d is told to hand over to node %d".formatted(partition, to);
  }
}
