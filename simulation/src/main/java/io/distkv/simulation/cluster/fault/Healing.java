package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.world.SimulatedNetwork;
import io.distkv.simulation.world.SimulatedRandomness;
import io.distkv.simulation.world.VirtualTime;

/**
 * How long a trouble of the network lasts, if nothing else mends it.
 *
 * @param afterNanos {@code NEVER}: until everything is mended
 */
record Healing(long afterNanos) {
  private static final long NEVER = Long.MAX_VALUE;

  static Healing draw(SimulatedRandomness random) {
    boolean heals = random.chance(85);
    long nanos = random.magnitude(10 * VirtualTime.MILLI, 20 * VirtualTime.SECOND);
    return new Healing(heals ? nanos : NEVER);
  }

  void of(SimulatedNetwork.Obstacle obstacle, Site site) {
    if (afterNanos != NEVER) {
      site.later(afterNanos, "heal", () -> site.network().clear(obstacle));
    }
  }

  String words() {
    return afterNanos == NEVER ? " until it is mended" : " for " + VirtualTime.span(afterNanos);
  }
}
