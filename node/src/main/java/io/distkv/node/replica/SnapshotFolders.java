package io.distkv.node.replica;

import io.distkv.base.Disk;
import io.distkv.storage.tree.TreeImport;
import java.io.IOException;
import java.util.List;

/**
 * Where snapshots are kept while they are on their way: in one folder, a folder for each. Those
 * that come in are gone on with after a start; those that went out are not.
 */
public final class SnapshotFolders {
  static final String ROOT = "snapshots";

  private SnapshotFolders() {}

  /**
   * Removes what an earlier run of the node has left and nobody goes on with. Blocks.
   *
   * @param replicas of this node
   */
  public static void clean(Disk disk, List<ReplicaIdentity> replicas) throws IOException {
    List<String> prefixes = replicas.stream().map(SnapshotFolders::incomingPrefix).toList();
    for (String name : disk.list(ROOT)) {
      if (prefixes.stream().noneMatch(name::startsWith)) {
        remove(disk, ROOT + "/" + name);
      }
    }
  }

  /** Removes those of a replica that is no more. Blocks. */
  static void removeAll(Disk disk, ReplicaIdentity replica) throws IOException {
    String prefix = replica.id() + "-";
    for (String name : disk.list(ROOT)) {
      if (name.startsWith(prefix)) {
        remove(disk, ROOT + "/" + name);
      }
    }
  }

  private static String incomingPrefix(ReplicaIdentity to) {
    return to.id() + "-" + to.incarnation() + "-in-";
  }

  /** Removes one. Blocks. */
  static void remove(Disk disk, String folder) throws IOException {
    TreeImport.remove(disk, folder);
  }

  /** The folder of a snapshot for a member. */
  static String outgoing(ReplicaIdentity from, long to, long number) {
    return ROOT + "/" + from.id() + "-to-" + to + "-" + number;
  }

  /** The folder of a snapshot that comes in. */
  static String incoming(ReplicaIdentity to, long number) {
    return ROOT + "/" + incomingPrefix(to) + number;
  }

  /** The folders of snapshots that come in for a replica. */
  static List<String> incoming(Disk disk, ReplicaIdentity to) throws IOException {
    String prefix = incomingPrefix(to);
    return disk.list(ROOT).stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> ROOT + "/" + name)
        .toList();
  }

  /** The number of a snapshot that comes in. */
  static long number(String incoming) {
    return Long.parseLong(incoming.substring(incoming.lastIndexOf('-') + 1));
  }
}
