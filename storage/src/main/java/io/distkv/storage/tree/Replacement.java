package io.distkv.storage.tree;

import io.distkv.base.Disk;
import io.distkv.storage.level.Levels;
import io.distkv.storage.level.TableHandle;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.manifest.ManifestEdit.Placed;
import io.distkv.storage.manifest.TableMeta;
import io.distkv.storage.manifest.TreeFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Puts the tables of an import in the place of all that a tree holds: moves their files into the
 * tree's folder under numbers of its own, opens them, and records them together with the going of
 * all others in one edit. Files that were moved and not recorded are rubbish that the next opening
 * removes.
 */
final class Replacement extends Upkeep.Job {
  private final TreeContext context;
  private final TreeImport image;
  private final Applied applied;
  private final Contents contents;
  private final ManifestQueue manifests;
  private final Runnable emptyQueues;
  private final TreeCallback done;
  private final SortedMap<Integer, List<TableHandle>> tables = new TreeMap<>();

  /**
   * @param applied how far the tables hold the log, with what is to be stored beside them
   * @param emptyQueues ends flushes and compactions
   */
  Replacement(
      TreeContext context,
      TreeImport image,
      Applied applied,
      Contents contents,
      ManifestQueue manifests,
      Runnable emptyQueues,
      TreeCallback done) {
    this.context = context;
    this.image = image;
    this.applied = applied;
    this.contents = contents;
    this.manifests = manifests;
    this.emptyQueues = emptyQueues;
    this.done = done;
  }

  @Override
  boolean step() throws IOException {
    Disk disk = context.resources().disk();
    SortedMap<Integer, List<TableMeta>> moved = new TreeMap<>();
    for (Placed placed : image.tables()) {
      long number = context.takeFileNumber();
      disk.rename(
          image.path(placed.table().number()), TreeFiles.table(context.directory(), number));
      moved
          .computeIfAbsent(placed.level(), _ -> new ArrayList<>())
          .add(placed.table().withNumber(number));
    }
    for (Map.Entry<Integer, List<TableMeta>> level : moved.entrySet()) {
      tables.put(level.getKey(), context.openNew(level.getValue()));
    }
    image.finish();
    return true;
  }

  @Override
  void finish() {
    emptyQueues.run();
    manifests.submit(
        new ManifestQueue.Change(
            contents.beginReplacing(),
            true,
            List.of(),
            tables,
            applied,
            image.historyFloor(),
            image.lastVersion(),
            this::inForce,
            () -> done.done(new IOException("the tree was replaced by another"))));
  }

  private void inForce() {
    Levels levels = Levels.empty(TreeOptions.LEVELS);
    for (Map.Entry<Integer, List<TableHandle>> level : tables.entrySet()) {
      Levels filled = levels.with(List.of(), level.getKey(), level.getValue());
      levels.release();
      levels = filled;
    }
    contents.replace(levels, applied, image.lastVersion(), image.historyFloor());
    done.done(null);
  }

  @Override
  void fail(IOException why) {
    tables.values().forEach(TreeContext::discard);
    done.done(why);
  }

  @Override
  void cancelled() {
    fail(new IOException("the tree was closed"));
  }
}
