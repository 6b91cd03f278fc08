package io.distkv.node.replica;

import io.distkv.base.Disk;
import io.distkv.node.keyspace.Catalog;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The folders of the replicas' trees. The catalog says which of them count: all others are what a
 * crash left of a keyspace that was being created or dropped, and may go in any order.
 */
public final class ReplicaFolders {
  private static final Pattern NAME = Pattern.compile("\\d+-\\d+-\\d+");

  private ReplicaFolders() {}

  /**
   * Removes the folders that belong to no replica. Blocks.
   *
   * @param replicas of this node, as a catalog has them that is durable
   */
  public static void clean(Disk disk, List<ReplicaIdentity> replicas) throws IOException {
    Set<String> known = new TreeSet<>();
    replicas.forEach(replica -> known.add(replica.directory()));
    for (String name : disk.list(Catalog.REPLICAS)) {
      String folder = Catalog.REPLICAS + "/" + name;
      if (NAME.matcher(name).matches() && !known.contains(folder)) {
        remove(disk, folder);
      }
    }
  }

  /**
   * Removes the folder of a tree that is not open and belongs to no replica; takes no room on the
   * disk. Blocks.
   */
  static void remove(Disk disk, String folder) throws IOException {
    if (!disk.exists(folder)) {
      return;
    }
    for (String name : disk.list(folder)) {
      disk.delete(folder + "/" + name);
    }
    disk.delete(folder);
    disk.syncDirectory(Catalog.REPLICAS);
  }
}
