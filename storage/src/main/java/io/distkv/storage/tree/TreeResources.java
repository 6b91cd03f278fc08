package io.distkv.storage.tree;

import io.distkv.base.Clock;
import io.distkv.base.Disk;
import io.distkv.base.Workers;
import io.distkv.storage.cache.BlockCache;
import io.distkv.storage.table.TableFiles;
import java.util.concurrent.atomic.AtomicLong;

/** What all trees of a node share. Safe for use by any thread. */
public final class TreeResources {
  private final Disk disk;
  private final Clock clock;
  private final BlockCache cache;
  private final TableFiles files;
  private final Workers background;
  private final MemtableBudget memtables;
  private final CompactionSlots compactions;
  private final IoRate ioRate;
  private final TreeListener listener;
  private final AtomicLong nextFileId = new AtomicLong(1);

  /**
   * Gathers the resources.
   *
   * @param files bounds how many files of tables are open
   * @param background runs flushes, compactions and manifest writes
   * @param ioRate limits compactions, not flushes
   */
  public TreeResources(
      Disk disk,
      Clock clock,
      BlockCache cache,
      TableFiles files,
      Workers background,
      MemtableBudget memtables,
      CompactionSlots compactions,
      IoRate ioRate,
      TreeListener listener) {
    this.disk = disk;
    this.clock = clock;
    this.cache = cache;
    this.files = files;
    this.background = background;
    this.memtables = memtables;
    this.compactions = compactions;
    this.ioRate = ioRate;
    this.listener = listener;
  }

  public Disk disk() {
    return disk;
  }

  public Clock clock() {
    return clock;
  }

  public BlockCache cache() {
    return cache;
  }

  /** The open files of tables. */
  public TableFiles files() {
    return files;
  }

  public Workers background() {
    return background;
  }

  public MemtableBudget memtables() {
    return memtables;
  }

  CompactionSlots compactions() {
    return compactions;
  }

  IoRate ioRate() {
    return ioRate;
  }

  TreeListener listener() {
    return listener;
  }

  /** A number for a table file that no other table of this process has: its name in the cache. */
  long nextFileId() {
    return nextFileId.getAndIncrement();
  }
}
