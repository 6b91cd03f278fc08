package io.distkv.storage.tree;

import io.distkv.storage.table.Compression;
import io.distkv.storage.table.TableOptions;
import java.util.Collections;
import java.util.List;

/**
 * How one tree behaves. Nothing here is stored: a tree may be opened with other options each time.
 *
 * @param memtableBytes heap at which a memtable is frozen and flushed, at least 1
 * @param memtableTombstones tombstones at which it is too, if they make up half of it, at least 1:
 *     readers must step over each of them
 * @param historyMillis how far back, in log time, reads as of a version reach; 0 keeps only what
 *     readers hold open
 * @param table how tables are laid out; its compression is replaced by {@code compressions}
 * @param compressions per level; exactly {@link #LEVELS}
 * @param tableBytes size at which a compaction begins its next output, at least 1
 * @param level0Tables number of tables in level 0 that starts their compaction, at least 1
 * @param baseLevelBytes most bytes that the first level below 0 may hold, at least 1
 * @param levelFactor how many times larger each level is than the one above it, at least 2
 * @param stepBytes how much a flush or compaction reads before it lets others go, at least 1
 * @param agingPauseMillis least time between two looks after what time alone has made garbage, and
 *     how long that may stay in a large table without writes, at least 1
 */
public record TreeOptions(
    long memtableBytes,
    long memtableTombstones,
    long historyMillis,
    TableOptions table,
    List<Compression> compressions,
    long tableBytes,
    int level0Tables,
    long baseLevelBytes,
    int levelFactor,
    long stepBytes,
    long agingPauseMillis) {

  /** Number of levels, 0 included. */
  public static final int LEVELS = 7;

  private static final long MIB = 1L << 20;

  /** The defaults of a replica on disk, LZ4 on every level. */
  public static final TreeOptions DEFAULT =
      new TreeOptions(
          64 * MIB,
          100_000,
          0,
          TableOptions.of(Compression.LZ4),
          Collections.nCopies(LEVELS, Compression.LZ4),
          32 * MIB,
          4,
          256 * MIB,
          10,
          MIB,
          60_000);

  public TreeOptions {
    compressions = List.copyOf(compressions);
    require(memtableBytes >= 1, "memtableBytes", memtableBytes);
    require(memtableTombstones >= 1, "memtableTombstones", memtableTombstones);
    require(historyMillis >= 0, "historyMillis", historyMillis);
    require(compressions.size() == LEVELS, "compressions", compressions.size());
    require(tableBytes >= 1, "tableBytes", tableBytes);
    require(level0Tables >= 1, "level0Tables", level0Tables);
    require(baseLevelBytes >= 1, "baseLevelBytes", baseLevelBytes);
    require(levelFactor >= 2, "levelFactor", levelFactor);
    require(stepBytes >= 1, "stepBytes", stepBytes);
    require(agingPauseMillis >= 1, "agingPauseMillis", agingPauseMillis);
  }

  /** The same with another size of memtable. */
  public TreeOptions withMemtableBytes(long bytes) {
    return new TreeOptions(
        bytes,
        memtableTombstones,
        historyMillis,
        table,
        compressions,
        tableBytes,
        level0Tables,
        baseLevelBytes,
        levelFactor,
        stepBytes,
        agingPauseMillis);
  }

  /** The same with another length of history. */
  public TreeOptions withHistoryMillis(long millis) {
    return new TreeOptions(
        memtableBytes,
        memtableTombstones,
        millis,
        table,
        compressions,
        tableBytes,
        level0Tables,
        baseLevelBytes,
        levelFactor,
        stepBytes,
        agingPauseMillis);
  }

  /** The same with another compression on each level. */
  public TreeOptions withCompressions(List<Compression> perLevel) {
    return new TreeOptions(
        memtableBytes,
        memtableTombstones,
        historyMillis,
        table,
        perLevel,
        tableBytes,
        level0Tables,
        baseLevelBytes,
        levelFactor,
        stepBytes,
        agingPauseMillis);
  }

  /** How a table of a level is laid out. */
  TableOptions tableAt(int level) {
    return new TableOptions(
        compressions.get(level),
        table.blockBytes(),
        table.restartInterval(),
        table.partitionBytes());
  }

  private static void require(boolean holds, String name, long value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " out of range: " + value);
    }
  }
}
