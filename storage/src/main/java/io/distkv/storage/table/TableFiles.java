package io.distkv.storage.table;

import java.util.LinkedHashSet;

/**
 * The open files of tables, of all trees of a node together, and how many there may be. A table
 * stays usable without its file being open: what it keeps in memory and what the block cache has of
 * it needs none, and a read of the disk opens the file again. So a node may have far more tables
 * than it may have files open.
 *
 * <p>Which file is closed for another is decided by the clock algorithm: in the order in which they
 * were opened, but one that was read since it was looked at last gets another round. So a read of
 * an open file only sets a mark; nothing is moved, and no lock is taken.
 *
 * <p>A file that is being read is closed by its last reader. Each thread that reads may thus keep
 * one file open beyond the bound.
 *
 * <p>Safe for use by any thread.
 */
public final class TableFiles {
  private final int most;

  /** In the order in which they are looked at when one must go. */
  private final LinkedHashSet<TableFile> open = new LinkedHashSet<>();

  private long opened;

  /**
   * @param most files open at a time, at least 1
   */
  public TableFiles(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("most open files must be at least 1: " + most);
    }
    this.most = most;
  }

  /**
   * How it stands.
   *
   * @param open files open now
   * @param opened how often a file was opened so far
   */
  public record Statistics(int open, long opened) {}

  /** How it stands now. */
  public synchronized Statistics statistics() {
    return new Statistics(open.size(), opened);
  }

  /** A file was opened; another is closed if they are too many now. */
  void opened(TableFile file) {
    TableFile victim = null;
    synchronized (this) {
      opened++;
      open.addLast(file);
      if (open.size() > most) {
        victim = removeVictim(file);
      }
    }
    if (victim != null) {
      victim.giveUpFile();
    }
  }

  /** A file is closed for good, or stays open beside the others. */
  synchronized void forget(TableFile file) {
    open.remove(file);
  }

  private TableFile removeVictim(TableFile justOpened) {
    int rounds = 0;
    while (true) {
      TableFile next = open.removeFirst();
      if (next == justOpened) {
        rounds++;
      } else if (!next.takeMark() || rounds > 1) {
        return next; // after a round no mark is left but those that were set meanwhile
      }
      open.addLast(next);
    }
  }
}
