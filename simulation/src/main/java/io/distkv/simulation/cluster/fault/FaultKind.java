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
  CLOCK_JUMP,
  STOP,
  DISK_CRASH,
  SYNC_FAILURE,
  READ_FAILURE,
  FULL_DISK,
  SLOW_DISK,
  ROT,
  HAND_OVER,
  MEMBER_CHANGE,
  SHORT_REIGNS;

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
      case STOP -> Stop.draw(random, extent);
      case DISK_CRASH -> DiskCrash.draw(random, extent);
      case SYNC_FAILURE -> DiskFailure.ofSync(random, extent);
      case READ_FAILURE -> DiskFailure.ofRead(random, extent);
      case FULL_DISK -> FullDisk.draw(random, extent);
      case SLOW_DISK -> SlowDisk.draw(random, extent);
      case ROT -> RottenBit.draw(random, extent);
      case HAND_OVER -> HandOver.draw(random, extent);
      case MEMBER_CHANGE -> MemberChange.draw(random, extent);
      case SHORT_REIGNS -> ShortReigns.draw(random, extent);
    };
  }

  /** Its name among the ways that a hunt counts. */
  public String way() {
    return "fault " + this;
  }
}
