package io.distkv.server.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A command took longer than the setting {@code slowOperation} allows. */
@Name("io.distkv.SlowOperation")
@Label("Slow operation")
@Description("A command took longer than the setting slowOperation allows")
@Category("DistKV")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // The fields are read by the flight recorder.
public final class SlowOperationEvent extends Event {

  @Label("Command")
  private final String command;

  @Label("Lane")
  private final int lane;

  @Label("Time from request to reply")
  @Timespan(Timespan.NANOSECONDS)
  private final long taken;

  @Label("Failed")
  private final boolean failed;

  /**
   * An operation that is over.
   *
   * @param takenNanos from its request to its reply
   */
  public SlowOperationEvent(String command, int lane, long takenNanos, boolean failed) {
    this.command = command;
    this.lane = lane;
    this.taken = takenNanos;
    this.failed = failed;
  }
}
