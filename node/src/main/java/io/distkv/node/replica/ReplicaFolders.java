package io.distkv.node.replica;

import io.distkv.base.Disk;
import io.distkv.node.keyspace.Catalog;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.manifest.TreeFiles;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folders of the replicas' trees. The catalog says which of them count: all others are what a
 * crash left of a keyspace that was being created or dropped, and may go in any order.
 */
public final class ReplicaFolders {
  private static final Pattern NAME = Pattern.compile("\\d+-\\d+-(\\d{1,18})");

  private ReplicaFolders() {}

  /**
   * Removes the folders that belong to no replica. Blocks.
   *
   * @param catalog that is durable
   * @throws CorruptionException if there is data of a keyspace that the catalog cannot know of:
   *     then it is an older one than the folder's
   */
  public static void clean(Disk disk, Catalog catalog) throws IOException {
    Set<String> known = new TreeSet<>();
    catalog
        .keyspaces()
        .forEach(
            entry -> ReplicaIdentity.all(entry).forEach(replica -> known.add(replica.directory())));
    for (String name : disk.list(Catalog.REPLICAS)) {
      String folder = Catalog.REPLICAS + "/" + name;
      Matcher matcher = NAME.matcher(name);
      if (matcher.matches() && !known.contains(folder)) {
        boolean later = Long.parseLong(matcher.group(1)) >= catalog.nextIncarnation();
        if (later && hasTables(disk, folder)) {
          throw new CorruptionException(
              Catalog.FILE, 0, "it is older than the folder " + folder + ", which holds data");
        }
        remove(disk, folder);
      }
    }
  }

  private static boolean hasTables(Disk disk, String folder) throws IOException {
    return disk.list(folder).stream().anyMatch(name -> TreeFiles.tableNumber(name).isPresent());
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
