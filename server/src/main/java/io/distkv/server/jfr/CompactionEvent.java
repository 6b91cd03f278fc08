package io.distkv.server.jfr;

import io.distkv.storage.tree.TreeListener;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** Tables were merged or moved to a deeper level. */
@Name("io.distkv.Compaction")
@Label("Compaction")
@Description("Tables were merged or moved to a deeper level")
@Category("DistKV")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // The fields are read by the flight recorder.
public final class CompactionEvent extends Event {

  @Label("Tree")
  private final String tree;

  @Label("Reason")
  private final String reason;

  @Label("From level")
  private final int fromLevel;

  @Label("To level")
  private final int toLevel;

  @Label("Tables read")
  private final int inputTables;

  @Label("Bytes read")
  @DataAmount
  private final long inputBytes;

  @Label("Tables written")
  private final int outputTables;

  @Label("Bytes written")
  @DataAmount
  private final long outputBytes;

  @Label("Moved without being read")
  private final boolean moved;

  @Label("Time taken")
  @Timespan(Timespan.NANOSECONDS)
  private final long taken;

  /** A compaction that is over. */
  public CompactionEvent(TreeListener.CompactionEvent compaction) {
    this.tree = compaction.directory();
    this.reason = compaction.reason();
    this.fromLevel = compaction.fromLevel();
    this.toLevel = compaction.toLevel();
    this.inputTables = compaction.inputTables();
    this.inputBytes = compaction.inputBytes();
    this.outputTables = compaction.outputTables();
    this.outputBytes = compaction.outputBytes();
    this.moved = compaction.moved();
    this.taken = compaction.nanos();
  }
}
