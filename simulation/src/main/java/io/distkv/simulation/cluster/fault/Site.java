package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.world.SimulatedNetwork;

/** A cluster as faults see it. Machines go by their ids, from 1. */
public interface Site {
  SimulatedNetwork network();

  /**
   * The process of a machine is killed.
   *
   * @return whether there was one
   */
  boolean kill(long machine);

  /**
   * The power of a machine goes: what was not synced may be lost, even if it was down before.
   *
   * @return whether it was up
   */
  boolean cutPower(long machine);

  /** Starts a machine; nothing if it is up. */
  void start(long machine);

  /** The process of a machine stands still for so long; nothing if there is none. */
  void pause(long machine, long nanos);

  /** The wall clock of a machine is set ahead, or back if negative. */
  void jumpClock(long machine, long millis);

  /** Queues what belongs to a fault and comes later. */
  void later(long nanos, String what, Runnable task);
}
