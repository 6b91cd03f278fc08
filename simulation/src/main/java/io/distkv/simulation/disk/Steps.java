package io.distkv.simulation.disk;

import io.distkv.simulation.disk.DiskFaults.Operation;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.Trace;
import java.io.IOException;

/**
 * Counts the operations on a simulated disk, and decides which of them fails and at which the power
 * goes. Between that step and the disk's next start, everything is refused.
 */
final class Steps {
  private static final String CRASH = "crash at ";
  private static final String FAILING = "failing ";

  private final SimulatedRandomness random;
  private final Trace trace;
  private final DiskFaults faults;
  private long count;
  private boolean down;

  Steps(SimulatedRandomness random, Trace trace, DiskFaults faults) {
    this.random = random;
    this.trace = trace;
    this.faults = faults;
    for (Operation operation : Operation.values()) {
      if (operation.step) {
        trace.tally().expect(CRASH + operation);
      }
    }
  }

  /** How many steps have been taken. */
  long count() {
    return count;
  }

  /** Whether the power went and has not come back. */
  boolean isDown() {
    return down;
  }

  /** The disk can be used again. */
  void restart() {
    faults.crashed();
    down = false;
  }

  /** An operation begins. */
  void begin(Operation operation, String path, long first, long second) throws IOException {
    if (fails(operation, path, first, second)) {
      throw new IOException("simulated failure of " + operation + " on " + path);
    }
  }

  /** An operation begins; whether it is to fail. */
  boolean fails(Operation operation, String path, long first, long second) {
    requireUp(path);
    if (operation.step) {
      count++;
      faults.stepTaken(operation, count);
    }
    trace.event(operation.name(), path, first, second);
    boolean fails = faults.fails(operation, path);
    if (fails) {
      trace.event("failing", path, count, 0);
      trace.tally().count(FAILING + operation);
    }
    return fails;
  }

  /** Whether a sync does what it is for: the one at which the power goes perhaps does not. */
  boolean syncTakesEffect() {
    return !faults.crashesAt(count) || random.chance(50);
  }

  /** The operation has taken effect: the power goes now, or it does not. */
  void end(Operation operation, String path) {
    if (faults.crashesAt(count)) {
      down = true;
      trace.tally().count(CRASH + operation);
      trace.event("crash", path, count, 0);
      throw new SimulatedCrash("power cut at step " + count + ", on " + path);
    }
  }

  void requireUp(String path) {
    if (down) {
      throw new SimulatedCrash("the power is off; asked for " + path);
    }
  }
}
