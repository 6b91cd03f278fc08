package io.distkv.storage.tree;

import io.distkv.storage.Damage;
import java.io.IOException;

/**
 * Is told of every piece of upkeep, for metrics and event recordings. Calls come on the lane of the
 * tree they speak of, so from several threads; they must be short.
 */
public interface TreeListener {

  /** A listener that ignores everything. */
  TreeListener NONE = new TreeListener() {};

  /** A memtable has become a table. */
  default void flushed(FlushEvent event) {}

  /** Tables were merged, moved or found to be of no use any more. */
  default void compacted(CompactionEvent event) {}

  /** A table was found damaged; told once of each, as long as the tree is open. */
  default void damaged(String directory, Damage damage) {}

  /** A piece of upkeep failed; a full disk is tried again, anything else is not. */
  default void upkeepFailed(String directory, IOException why) {}

  /**
   * A flush.
   *
   * @param directory of the tree
   * @param entries in the memtable
   * @param memtableBytes heap the memtable held
   * @param tableBytes size of the table; 0 if nothing of the memtable was worth keeping
   * @param nanos from the start of the build to the table's installation
   */
  record FlushEvent(
      String directory, long entries, long memtableBytes, long tableBytes, long nanos) {}

  /**
   * A compaction.
   *
   * @param directory of the tree
   * @param reason why it was chosen, in a word
   * @param fromLevel level the inputs were taken from
   * @param toLevel level the outputs went to
   * @param inputTables number of tables read
   * @param inputBytes their size
   * @param outputTables number of tables written or moved
   * @param outputBytes their size
   * @param moved whether the tables were moved without being read
   * @param nanos from its start to the installation
   */
  record CompactionEvent(
      String directory,
      String reason,
      int fromLevel,
      int toLevel,
      int inputTables,
      long inputBytes,
      int outputTables,
      long outputBytes,
      boolean moved,
      long nanos) {}
}
