package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.VirtualTime;

/**
 * A wall clock is set.
 *
 * @param millis ahead, or back if negative
 */
record ClockJump(long machine, long millis) implements Fault {
  private static final long HOUR_MILLIS = 3_600_000;

  static ClockJump draw(SimulatedRandomness random, Extent extent) {
    return new ClockJump(extent.machine(random), random.between(-HOUR_MILLIS, HOUR_MILLIS));
  }

  @Override
  public void strike(Site site) {
    site.jumpClock(machine, millis);
  }

  @Override
  public String words() {
    return "the clock of node %d is set %s by %s"
        .formatted(
            machine,
            millis < 0 ? "back" : "ahead",
            VirtualTime.span(Math.abs(millis) * VirtualTime.MILLI));
  }
}
