package io.distkv.storage.tree;

import io.distkv.base.Lane;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.compaction.Rewrite;
import io.distkv.storage.level.Levels;
import io.distkv.storage.level.TableHandle;
import io.distkv.storage.manifest.ManifestEdit.Placed;
import io.distkv.storage.manifest.ManifestState;
import io.distkv.storage.manifest.TableMeta;
import io.distkv.storage.manifest.TreeFiles;
import io.distkv.storage.table.TableReader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** Where a tree lives and with what it works; opens its tables and gets rid of them. */
final class TreeContext {
  private final TreeResources resources;
  private final Lane lane;
  private final String directory;

  /** As they were altered last. */
  private volatile TreeOptions options;

  private final TreeOwner owner;
  private final Upkeep upkeep;
  private final AtomicLong nextFileNumber;

  /** All tables that are open, by number: also those that only snapshots hold by now. */
  private final NavigableMap<Long, TableHandle> open = new ConcurrentSkipListMap<>();

  TreeContext(
      TreeResources resources,
      Lane lane,
      String directory,
      TreeOptions options,
      TreeOwner owner,
      long nextFileNumber) {
    this.resources = resources;
    this.lane = lane;
    this.directory = directory;
    this.options = options;
    this.owner = owner;
    this.upkeep = new Upkeep(resources, lane, directory, owner);
    this.nextFileNumber = new AtomicLong(nextFileNumber);
  }

  TreeResources resources() {
    return resources;
  }

  Lane lane() {
    return lane;
  }

  String directory() {
    return directory;
  }

  TreeOptions options() {
    return options;
  }

  /** Goes on with other options; on the lane. */
  void alter(TreeOptions altered) {
    options = altered;
  }

  TreeOwner owner() {
    return owner;
  }

  Upkeep upkeep() {
    return upkeep;
  }

  long nowNanos() {
    return resources.clock().monotonicNanos();
  }

  /** Larger than the number of every file made so far. */
  long nextFileNumber() {
    return nextFileNumber.get();
  }

  /** A number for a new file. */
  long takeFileNumber() {
    return nextFileNumber.getAndIncrement();
  }

  /** Where a rewrite puts the tables of a level. */
  Rewrite.Target target(int level, long tableBytes) {
    return new Rewrite.Target(
        resources.disk(),
        directory,
        nextFileNumber::getAndIncrement,
        options.tableAt(level),
        tableBytes);
  }

  /** Opens new tables after making their names durable. On a worker. */
  List<TableHandle> openNew(List<TableMeta> tables) throws IOException {
    if (tables.isEmpty()) {
      return List.of();
    }
    resources.disk().syncDirectory(directory);
    List<TableHandle> opened = new ArrayList<>();
    try {
      for (TableMeta table : tables) {
        opened.add(open(table));
      }
      return opened;
    } catch (IOException e) {
      close(opened);
      throw e;
    }
  }

  /** Opens all tables that a manifest names, as levels. */
  Levels openAll(ManifestState state, List<TableHandle> opened) throws IOException {
    List<List<TableHandle>> perLevel = new ArrayList<>();
    for (int level = 0; level < TreeOptions.LEVELS; level++) {
      perLevel.add(new ArrayList<>());
    }
    for (Placed placed : state.tables()) {
      if (placed.level() >= TreeOptions.LEVELS) {
        throw new CorruptionException(
            directory, 0, "the manifest puts a table into level " + placed.level());
      }
      TableHandle table = open(placed.table());
      opened.add(table);
      perLevel.get(placed.level()).add(table);
    }
    Levels levels = Levels.empty(TreeOptions.LEVELS);
    for (int level = 0; level < TreeOptions.LEVELS; level++) {
      Levels filled = levels.with(List.of(), level, perLevel.get(level));
      levels.release();
      levels = filled;
    }
    return levels;
  }

  private TableHandle open(TableMeta table) throws IOException {
    String path = TreeFiles.table(directory, table.number());
    TableReader reader;
    try {
      reader =
          TableReader.open(
              resources.disk(), path, resources.nextFileId(), resources.cache(), resources.files());
    } catch (NoSuchFileException e) {
      throw new CorruptionException(path, 0, "the manifest names this table, but it is missing");
    }
    if (!table.matches(reader.properties())) {
      reader.close();
      throw new CorruptionException(path, 0, "it is not the table that the manifest names");
    }
    TableHandle handle = new TableHandle(table, reader, this::dispose);
    open.put(table.number(), handle);
    return handle;
  }

  /**
   * The tree is closed: whatever snapshots still hold of it stays readable, though its files may
   * lose their names now, as far as that can be had. On a worker.
   */
  void keepFilesOpen() {
    for (TableHandle table : open.values()) {
      try {
        table.reader().keepOpen();
      } catch (IOException e) {
        // The reads of a snapshot will fail where they need this one.
        resources.listener().upkeepFailed(directory, e);
      }
    }
  }

  /** Gets rid of new tables that never came into force. */
  static void discard(Collection<TableHandle> tables) {
    for (TableHandle table : tables) {
      table.markObsolete();
      table.release();
    }
  }

  /** Closes tables that were opened and are given up again; their files stay. On a worker. */
  void close(Collection<TableHandle> tables) throws IOException {
    for (TableHandle table : tables) {
      close(table);
    }
  }

  private void close(TableHandle table) throws IOException {
    open.remove(table.number());
    table.reader().close();
  }

  /**
   * The last holder of a table let go. On any thread. Once the tree is closed, no file is deleted
   * any more: its folder may be another's by then, and opening it removes what is left over.
   */
  private void dispose(TableHandle table) {
    if (upkeep.isStopped()) {
      closeAtOnce(table);
      return;
    }
    upkeep.expect();
    lane.complete(() -> {
      if (upkeep.isStopped()) {
        closeAtOnce(table);
      } else {
        upkeep.start(new Disposal(table));
      }
      upkeep.arrived();
    });
  }

  private void closeAtOnce(TableHandle table) {
    try {
      close(table);
    } catch (IOException e) {
      resources.listener().upkeepFailed(directory, e);
    }
  }

  private final class Disposal extends Upkeep.Job {
    private final TableHandle table;

    Disposal(TableHandle table) {
      this.table = table;
    }

    @Override
    boolean step() throws IOException {
      try {
        if (table.isObsolete()) {
          table.reader().evict();
        }
      } finally {
        close(table);
      }
      if (table.isObsolete()) {
        resources.disk().delete(table.reader().path());
      }
      return true;
    }

    @Override
    void abandon() throws IOException {
      close(table);
    }

    @Override
    void finish() {}

    @Override
    void fail(IOException why) {
      resources.listener().upkeepFailed(directory, why);
    }
  }
}
