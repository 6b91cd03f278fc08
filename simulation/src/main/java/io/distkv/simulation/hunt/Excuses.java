package io.distkv.simulation.hunt;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Reply;
import io.distkv.simulation.hunt.Hazards.Hazard;
import io.distkv.simulation.world.Tally;
import java.util.List;

/** What a node may answer in the place of what it was asked for, as it fares now. */
final class Excuses {
  private static final String ANSWERED = "answered ";
  private static final String OUTCOME_UNKNOWN = "answered that the outcome is unknown";
  private static final String MAY_HAVE_HAPPENED = "may have happened";
  private static final String DONE_IN_PART = "its outcome is unknown";
  private static final String NOTHING_DONE = "nothing was done";
  private static final String NOT_READ = "cannot be read";

  private final NodeRun run;

  Excuses(NodeRun run) {
    this.run = run;
    Tally tally = run.trace().tally();
    tally.expect(OUTCOME_UNKNOWN);
    for (ErrorCode code :
        List.of(
            ErrorCode.OVERLOADED, ErrorCode.DISK_FULL, ErrorCode.INTERNAL, ErrorCode.CORRUPTION)) {
      tally.expect(ANSWERED + code);
    }
  }

  /**
   * Whether a failure says that nothing was done, as it may say now.
   *
   * @param grows whether what was asked for needs room on the disk
   */
  boolean nothingDone(Reply.Failure failure, boolean grows) {
    NodeLife life = run.life();
    boolean refused =
        switch (failure.code()) {
          case OVERLOADED -> life.has(Hazard.OVERLOAD);
          case DISK_FULL -> life.has(Hazard.FULL_DISK) && grows;
          case INTERNAL -> life.mayFail() && failure.line().contains(NOTHING_DONE);
          case CORRUPTION -> life.has(Hazard.READ_ERRORS) && failure.line().contains(NOT_READ);
          default -> life.mayFail() && failure.line().startsWith("EXECABORT");
        };
    if (refused) {
      run.trace().tally().count(ANSWERED + failure.code());
    }
    return refused;
  }

  /** Whether a failure says that what was asked for may have been done, as it may say now. */
  boolean outcomeUnknown(Reply.Failure failure) {
    boolean unknown =
        run.life().mayFail() && (inPart(failure) || failure.line().contains(MAY_HAVE_HAPPENED));
    if (unknown) {
      run.trace().tally().count(OUTCOME_UNKNOWN);
    }
    return unknown;
  }

  /** Whether a failure says that some partitions have done what was asked for. */
  static boolean inPart(Reply.Failure failure) {
    return failure.line().contains(DONE_IN_PART);
  }
}
