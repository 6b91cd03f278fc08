package io.distkv.storage.tree;

import java.util.List;

/**
 * A tree in numbers.
 *
 * @param levels tables of each level, level 0 first
 * @param memtableEntries in all memtables, of all versions
 * @param memtableExpiring those of the entries that have an expiry
 * @param memtableBytes heap of the memtable that takes the writes
 * @param frozenMemtables number of memtables that wait for their flush
 * @param frozenBytes heap of those
 * @param debtBytes that compactions have to move for every level to be within its measure
 * @param pressure how far upkeep is behind: writers are slowed down above 0, to the least at 1
 */
public record TreeStatistics(
    List<LevelStatistics> levels,
    long memtableEntries,
    long memtableExpiring,
    long memtableBytes,
    int frozenMemtables,
    long frozenBytes,
    long debtBytes,
    double pressure) {

  /**
   * A level in numbers.
   *
   * @param tables number of tables
   * @param bytes size of their files
   * @param entries in them, of all versions
   * @param tombstones among those
   * @param expiring those that have an expiry
   */
  public record LevelStatistics(
      int tables, long bytes, long entries, long tombstones, long expiring) {}

  public TreeStatistics {
    levels = List.copyOf(levels);
  }

  /** File bytes of all tables. */
  public long tableBytes() {
    return levels.stream().mapToLong(LevelStatistics::bytes).sum();
  }

  /** What it takes: file bytes of all tables, and heap of all memtables. */
  public long sizeBytes() {
    return tableBytes() + memtableBytes + frozenBytes;
  }
}
