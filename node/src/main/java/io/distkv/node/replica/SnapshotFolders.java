package io.distkv.node.replica;

import io.distkv.base.Disk;
import io.distkv.storage.tree.TreeImport;
import java.io.IOException;

/** Where snapshots are kept while they are on their way. */
public final class SnapshotFolders {
  /** The folder that has a folder for each. */
  static final String ROOT = "snapshots";

  private SnapshotFolders() {}

  /** Removes what an earlier run of the node has left. Blocks. */
  public static void removeAll(Disk disk) throws IOException {
    for (String name : disk.list(ROOT)) {
      TreeImport.remove(disk, ROOT + "/" + name);
    }
  }
}
