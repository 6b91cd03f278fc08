package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.world.SimulatedRandomness;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws the faults of a run, all before it begins. The run has some of the kinds only, so that runs
 * differ in kind. Every fault has dice of its own.
 */
public final class FaultDice {
  private static final int KIND_PERCENT = 40;

  private FaultDice() {}

  /**
   * Draws them.
   *
   * @param everyNanos how long it is from one to the next, about
   * @param untilNanos when the last may come
   */
  public static List<PlannedFault> draw(
      SimulatedRandomness random, Extent extent, long everyNanos, long untilNanos) {
    List<FaultKind> kinds = new ArrayList<>();
    for (FaultKind kind : FaultKind.values()) {
      if (random.chance(KIND_PERCENT)) {
        kinds.add(kind);
      }
    }
    List<PlannedFault> faults = new ArrayList<>();
    if (kinds.isEmpty()) {
      return faults;
    }
    long atNanos = random.between(0, 2 * everyNanos);
    while (atNanos < untilNanos) {
      SimulatedRandomness own = random.fork();
      FaultKind kind = kinds.get(own.below(kinds.size()));
      faults.add(new PlannedFault(faults.size() + 1, atNanos, kind, kind.draw(own, extent)));
      atNanos += random.between(1, 2 * everyNanos);
    }
    return faults;
  }
}
