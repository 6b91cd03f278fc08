package io.distkv.simulation.cluster.fault;

/**
 * Something that goes wrong once, with all that mends it: a value that is drawn whole before the
 * run begins. So it is the same whatever happens before it, and any other fault of the run can be
 * left out.
 */
public sealed interface Fault
    permits ClockJump,
        Cut,
        DiskCrash,
        DiskFailure,
        FullDisk,
        HandOver,
        MemberChange,
        Mend,
        Outage,
        Pause,
        RottenBit,
        ShortReigns,
        SlowDisk,
        SlowWay,
        Stop {

  /** Lets it happen, and queues what mends it. */
  void strike(Site site);

  /** What happens, for a reader: a sentence without a full stop. */
  String words();
}
