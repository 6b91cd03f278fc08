package io.distkv.simulation.cluster.fault;

import io.distkv.simulation.world.SimulatedRandomness;

/** What can go wrong, and how one of the kind is drawn. */
public enum FaultKind {
  POWER_CUT,
  KILL,
  EVERYTHING_DOWN,
  PAUSE,
  ISOLATE,
  SPLIT,
  ONE_WAY,
  BRIDGE,
  SLOW_WAY,
  HEAL,
  CLOCK_JUMP;

  /** Draws a fault: nothing but the dice and the extent decides what comes of it. */
  Fault draw(SimulatedRandomness random, Extent extent) {
    return switch (this) {
      case POWER_CUT -> Outage.powerCut(random, extent);
      case KILL -> Outage.kill(random, extent);
      case EVERYTHING_DOWN -> Outage.everything(random, extent);
      case PAUSE -> Pause.draw(random, extent);
      case ISOLATE -> Cut.isolate(random, extent);
      case SPLIT -> Cut.split(random, extent);
      case ONE_WAY -> Cut.oneWay(random, extent);
      case BRIDGE -> Cut.bridge(random, extent);
      case SLOW_WAY -> SlowWay.draw(random, extent);
      case HEAL -> new Mend();
      case CLOCK_JUMP -> ClockJump.draw(random, extent);
    };
  }

  /** Its name among the ways that a hunt counts. */
  public String way() {
    return "fault " + this;
  }
}
