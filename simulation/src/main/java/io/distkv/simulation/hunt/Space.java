package io.distkv.simulation.hunt;

import io.distkv.node.keyspace.Slots;

/**
 * A keyspace as the run's clients know it.
 *
 * @param exclusive whether one client has it for itself and may empty it
 */
record Space(int number, String name, int partitions, boolean exclusive) {

  int partitionOf(byte[] key) {
    return Slots.partitionOf(key, partitions);
  }
}
