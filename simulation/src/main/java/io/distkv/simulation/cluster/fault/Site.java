package io.distkv.simulation.cluster.fault;

import io.distkv.raft.Membership;
import io.distkv.simulation.disk.SimulatedDisk;
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

  /**
   * The node of a machine is told to stop; nothing if it does not serve.
   *
   * @param then what comes when it has stopped
   */
  void stop(long machine, Runnable then);

  /** A machine whose node ends by itself is started again so much later. */
  void restartAfter(long machine, long nanos);

  /** The disk of a machine. */
  SimulatedDisk disk(long machine);

  /** The disk of a machine has room for so much more. */
  void fillDisk(long machine, long roomBytes);

  /** The disk of a machine is as large as it was at first. */
  void makeRoom(long machine);

  /** Each piece of work on the disk of a machine takes so much longer. */
  void slowDisk(long machine, long nanos);

  /**
   * A bit of a file on the disk of a machine rots. What its node reads at a start only, it is
   * started again to read.
   *
   * @param file which one, modulo how many there are that may rot
   * @param bit of it, modulo how many it has
   * @return whether there is any
   */
  boolean rot(long machine, long file, long bit);

  /** Rot on the disk of a machine is undone, and its node started again. */
  void mendRot(long machine);

  /** Whoever leads a partition is told to hand over to a machine. */
  void handOver(int partition, long to);

  /** Whoever leads a partition is told to go over to other members. */
  void changeMembers(int partition, Membership target);

  /** Starts a machine; nothing if it is up. */
  void start(long machine);

  /** The process of a machine stands still for so long; nothing if there is none. */
  void pause(long machine, long nanos);

  /** The wall clock of a machine is set ahead, or back if negative. */
  void jumpClock(long machine, long millis);

  /**
   * From here on somebody is told of a partition's leaders.
   *
   * @return false if somebody else is already
   */
  boolean watchLeaders(int partition, LeaderWatch watch);

  /** Nobody is told of a partition's leaders any more. */
  void endWatch(int partition);

  /** Is told how leaders get on. */
  @FunctionalInterface
  interface LeaderWatch {
    /** A machine's replica leads, and something of it has changed. */
    void seen(long machine, long term, long committed);
  }

  /** Nothing gets through that a machine sends, until that is cleared. */
  SimulatedNetwork.Obstacle silence(long machine);

  /** Whether everything is mended, and nothing is to go wrong any more. */
  boolean isCalm();

  /** Queues what belongs to a fault and comes later. */
  void later(long nanos, String what, Runnable task);
}
