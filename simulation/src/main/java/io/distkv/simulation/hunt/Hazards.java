package io.distkv.simulation.hunt;

import io.distkv.simulation.disk.DiskFaults;
import io.distkv.simulation.disk.DiskFaults.Operation;
import io.distkv.simulation.disk.SimulatedDisk;
import io.distkv.simulation.world.EventQueue;
import io.distkv.simulation.world.SimulatedProcess;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.SimulatedWorkers;
import io.distkv.simulation.world.Tally;
import java.util.EnumSet;
import java.util.Set;

/**
 * What makes one life of a node hard without ending it: a full disk, a disk that cannot be read at
 * times, queues so short that they overflow. Each comes and goes, some of them several times. They
 * begin after the node's content was compared, but for a disk that may be full from the start.
 */
final class Hazards {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final String TABLES = ".sst";

  /** A kind of trouble, and what it lets a node answer. */
  enum Hazard {
    /** Writes that may grow the data may be refused with DISK_FULL. */
    FULL_DISK,
    /** What must read the disk may fail; so may the node, if it cannot apply its log. */
    READ_ERRORS,
    /** Everything on data may be refused with OVERLOADED. */
    OVERLOAD
  }

  private final SimulatedRandomness random;
  private final EventQueue queue;
  private final SimulatedDisk disk;
  private final Set<Hazard> hazards = EnumSet.noneOf(Hazard.class);
  private boolean over;

  /** Draws the hazards of a life. */
  Hazards(SimulatedRandomness random, EventQueue queue, SimulatedDisk disk) {
    this.random = random;
    this.queue = queue;
    this.disk = disk;
    if (random.chance(30)) {
      for (Hazard hazard : Hazard.values()) {
        if (random.chance(50)) {
          hazards.add(hazard);
        }
      }
    }
    Tally tally = queue.trace().tally();
    for (Hazard hazard : Hazard.values()) {
      tally.expect("hazard " + hazard);
    }
    hazards.forEach(hazard -> tally.count("hazard " + hazard));
  }

  /** Whether this one is there; once {@link #end} was called, none is. */
  boolean has(Hazard hazard) {
    return !over && hazards.contains(hazard);
  }

  /** Whether any is there: requests may be refused. */
  boolean any() {
    return !over && !hazards.isEmpty();
  }

  /** Before the node starts: perhaps the disk is full already. */
  boolean beginBeforeStart() {
    if (!has(Hazard.FULL_DISK) || !random.chance(20)) {
      return false;
    }
    fill();
    return true;
  }

  /** After the node has started and was compared: from here on things go wrong. */
  void begin(SimulatedProcess process, SimulatedWorkers reads) {
    if (has(Hazard.FULL_DISK)) {
      for (int times = 1 + random.below(3); times > 0; times--) {
        queue.after(random.magnitude(1, 2 * SECOND), "disk fills", () -> unlessOver(this::fill));
      }
    }
    if (has(Hazard.READ_ERRORS)) {
      for (int times = 1 + random.below(5); times > 0; times--) {
        queue.after(
            random.magnitude(1, 500 * MILLI), "reads fail", () -> unlessOver(this::breakReads));
      }
    }
    if (has(Hazard.OVERLOAD)) {
      reads.bound((int) random.magnitude(0, 20));
      int laneTasks = (int) random.magnitude(1, 20);
      process.lanes().forEach(lane -> lane.bound(laneTasks));
    }
  }

  private void unlessOver(Runnable hazard) {
    if (!over) {
      hazard.run();
    }
  }

  private void fill() {
    DiskFaults faults = disk.faults();
    faults.capacityBytes(disk.usedBytes() + random.magnitude(1, 100_000));
    queue.after(
        random.magnitude(1, 20 * SECOND),
        "room on the disk",
        () -> unlessOver(() -> faults.capacityBytes(Long.MAX_VALUE)));
  }

  private void breakReads() {
    DiskFaults faults = disk.faults();
    faults.fail(Operation.READ, TABLES, random.magnitude(1, 20), random.chance(50));
    queue.after(
        random.magnitude(1, SECOND),
        "reads succeed",
        () -> unlessOver(() -> faults.heal(Operation.READ)));
  }

  /** The node's bound on the bytes of waiting writes of a replica. */
  long pendingBytes(long usual) {
    return has(Hazard.OVERLOAD) ? random.magnitude(1, 50_000) : usual;
  }

  /** All is well again, from here on; a disk may also stay full while the node is stopped. */
  void end(boolean withRoom) {
    over = true;
    disk.faults().heal(Operation.READ);
    if (withRoom) {
      disk.faults().capacityBytes(Long.MAX_VALUE);
    }
  }
}
