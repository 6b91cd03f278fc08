package io.distkv.storage.tree;

import java.io.IOException;

/** What a tree asks of its replica and tells it. Every call comes on the tree's lane. */
public interface TreeOwner extends DurableLog {

  /**
   * Which tree it is. Kept in its folder and in those of its checkpoints, and compared at every
   * opening, so that the manifest of another tree is not taken for its own.
   */
  default long treeId() {
    return 0;
  }

  /**
   * What to store with the tables, atomically: membership, client sessions. Describes the replica
   * as of the last published entry.
   *
   * @return an array that is not changed afterwards
   */
  byte[] attachment();

  /**
   * Asks for a log entry that writes nothing: its version alone is wanted, since upkeep waits for
   * the log's time to come to where the clock is. May be left undone; it is asked for again.
   */
  void askForTime();

  /** The tables now durably hold all log entries up to an index: the journal may let go of them. */
  void flushed(long appliedIndex);

  /** A flush or a compaction has changed what {@link Tree#sizeBytes} says. */
  default void resized() {}

  /**
   * Flush or compaction found the disk full, or found space again. In between the tree tries again
   * now and then; reads go on, and writes should be refused, since they pile up in memory.
   */
  void diskFull(boolean full);

  /**
   * A flush, a compaction or the manifest failed for good: nothing more will be written to disk.
   * Reads go on.
   */
  void failed(IOException why);
}
