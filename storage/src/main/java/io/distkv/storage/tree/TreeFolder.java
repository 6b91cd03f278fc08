package io.distkv.storage.tree;

import io.distkv.base.Disk;
import java.io.IOException;

/**
 * Removes the folder of a tree. It first puts a file of its own into it, durably: a folder with
 * that file is rubbish, however much of it a crash left behind, and no longer a tree that lacks
 * files.
 */
final class TreeFolder {
  private static final String MARK = "DROPPED";

  private TreeFolder() {}

  /** Removes a folder and what is in it; one that is not there, too. */
  static void remove(Disk disk, String directory) throws IOException {
    if (!disk.exists(directory)) {
      return;
    }
    String mark = directory + "/" + MARK;
    if (!disk.exists(mark)) {
      disk.create(mark).close();
      disk.syncDirectory(directory);
    }
    for (String name : disk.list(directory)) {
      if (!name.equals(MARK)) {
        disk.delete(directory + "/" + name);
      }
    }
    // Synced before the mark goes: no file may outlive it.
    disk.syncDirectory(directory);
    disk.delete(mark);
    disk.delete(directory);
    int slash = directory.lastIndexOf('/');
    disk.syncDirectory(slash < 0 ? "" : directory.substring(0, slash));
  }

  /** Whether a folder is only rubbish by now. */
  static boolean isBeingRemoved(Disk disk, String directory) throws IOException {
    return disk.exists(directory + "/" + MARK);
  }

  /** Completes a removal that a crash cut short. */
  static void finishRemoval(Disk disk, String directory) throws IOException {
    if (isBeingRemoved(disk, directory)) {
      remove(disk, directory);
    }
  }
}
