package io.distkv.node;

import io.distkv.storage.Damage;
import io.distkv.storage.tree.TreeListener;

/** What a node tells whoever runs it. Called on any lane; must not block. */
public interface NodeEvents {

  /**
   * Replaying a journal goes on; told at intervals, so that a long start can be seen to move.
   *
   * @param journal which one, from 0
   * @param doneBytes of {@code totalBytes}
   */
  void recovering(int journal, long doneBytes, long totalBytes);

  /** All journals are replayed: the node serves. */
  void started();

  /**
   * The node serves nobody any more: it could not start, or it can no longer trust its disk. Told
   * once; the process should end.
   */
  void failed(Throwable cause);

  /** A defect showed, or upkeep failed: something needs a look, and the node goes on. */
  void defect(Throwable cause);

  /**
   * A file was found damaged; told once of each. What the file holds is answered with an error that
   * names it, wherever its checksums fail, and everything else is served on.
   */
  default void damaged(Damage damage) {}

  /** Is told of every flush and compaction. */
  default TreeListener trees() {
    return TreeListener.NONE;
  }
}
