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

/** A memtable has become a table. */
@Name("io.distkv.Flush")
@Label("Flush")
@Description("A memtable has become a table")
@Category("DistKV")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // The fields are read by the flight recorder.
public final class FlushEvent extends Event {

  @Label("Tree")
  private final String tree;

  @Label("Entries")
  private final long entries;

  @Label("Memtable size")
  @DataAmount
  private final long memtableBytes;

  @Label("Table size")
  @DataAmount
  private final long tableBytes;

  @Label("Time taken")
  @Timespan(Timespan.NANOSECONDS)
  private final long taken;

  /** A flush that is over. */
  public FlushEvent(TreeListener.FlushEvent flush) {
    this.tree = flush.directory();
    this.entries = flush.entries();
    this.memtableBytes = flush.memtableBytes();
    this.tableBytes = flush.tableBytes();
    this.taken = flush.nanos();
  }
}
