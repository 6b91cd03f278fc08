package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.world.SimulatedRandomness;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * How large a cluster is: what faults are drawn from.
 *
 * @param machines how many there are, with ids from 1
 * @param partitions how many groups there are, from 0
 */
public record Extent(int machines, int partitions) {

  /** One of the machines. */
  long machine(SimulatedRandomness random) {
    return 1L + random.below(machines);
  }

  /** One of the partitions. */
  int partition(SimulatedRandomness random) {
    return random.below(partitions);
  }

  /** Each of the machines or not, half of them as a rule. */
  NavigableSet<Long> side(SimulatedRandomness random) {
    NavigableSet<Long> side = new TreeSet<>();
    for (long machine = 1; machine <= machines; machine++) {
      if (random.chance(50)) {
        side.add(machine);
      }
    }
    return side;
  }
}
