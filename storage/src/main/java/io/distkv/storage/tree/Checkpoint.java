package io.distkv.storage.tree;

import io.distkv.base.Disk;
import io.distkv.storage.level.TableHandle;
import io.distkv.storage.manifest.Manifest;
import io.distkv.storage.manifest.ManifestEdit.Placed;
import io.distkv.storage.manifest.ManifestState;
import io.distkv.storage.manifest.TreeFiles;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * Gives a tree's tables second names in another folder and writes a manifest there. Holds the
 * tables meanwhile, so that a compaction cannot delete one before it has its second name. One that
 * fails leaves the folder empty.
 */
final class Checkpoint extends Upkeep.Job {
  private final Disk disk;
  private final String source;
  private final String target;
  private final long treeId;
  private final ManifestState state;
  private final List<TableHandle> held;
  private final CheckpointCallback callback;
  private boolean begun;

  /**
   * Makes the job.
   *
   * @param state what the checkpoint will be
   * @param tables those that the state names
   */
  Checkpoint(
      TreeContext context,
      String target,
      ManifestState state,
      Collection<TableHandle> tables,
      CheckpointCallback callback) {
    this.disk = context.resources().disk();
    this.source = context.directory();
    this.target = target;
    this.treeId = context.owner().treeId();
    this.state = state;
    this.held = List.copyOf(tables);
    this.callback = callback;
    held.forEach(TableHandle::retain);
  }

  @Override
  boolean step() throws IOException {
    disk.createDirectories(target);
    if (!disk.list(target).isEmpty()) {
      throw new IOException("the folder for a checkpoint is not empty: " + target);
    }
    begun = true;
    for (Placed placed : state.tables()) {
      long number = placed.table().number();
      disk.link(TreeFiles.table(source, number), TreeFiles.table(target, number));
    }
    disk.syncDirectory(target);
    Manifest.create(disk, target, treeId, state).close();
    return true;
  }

  /** What has a second name takes room for as long as it has it, whatever becomes of the tree. */
  @Override
  void abandon() throws IOException {
    if (begun) {
      for (String name : disk.list(target)) {
        disk.delete(target + "/" + name);
      }
    }
  }

  @Override
  void finish() {
    letGo();
    callback.done(state.applied());
  }

  @Override
  void fail(IOException why) {
    letGo();
    callback.failed(why);
  }

  @Override
  void cancelled() {
    letGo();
    callback.failed(new IOException("the tree in " + source + " was closed"));
  }

  private void letGo() {
    held.forEach(TableHandle::release);
  }
}
