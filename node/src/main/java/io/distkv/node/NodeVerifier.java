package io.distkv.node;

import io.distkv.base.Disk;
import io.distkv.node.command.CommandTable;
import io.distkv.node.keyspace.Catalog;
import io.distkv.node.keyspace.CatalogEntry;
import io.distkv.node.replica.LogVerifier;
import io.distkv.node.replica.ReplicaGroup;
import io.distkv.node.replica.ReplicaIdentity;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.Damage;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.tree.TreeVerifier;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Reads everything in the data folder of a node that does not run: catalog, journals and trees, and
 * whether each log goes on where its tables end. Changes nothing, and goes on after each damage to
 * find them all.
 *
 * <p>Blocks; any thread.
 */
public final class NodeVerifier {

  /**
   * What was read.
   *
   * @param journals how many
   * @param records of replicas in them
   * @param trees how many replicas there are
   * @param tables of all trees
   * @param tableBytes size of their files
   * @param entries in the tables, of all versions
   * @param damages how many were reported
   */
  public record Summary(
      int journals,
      long records,
      int trees,
      long tables,
      long tableBytes,
      long entries,
      long damages) {}

  /** Is told how the reading goes. */
  public interface Listener {

    /** A journal or tree is read next. */
    void reading(String directory);

    /** Something is not what was written. */
    void damaged(Damage damage);
  }

  private final Disk disk;
  private final Consumer<Damage> report;
  private final Listener listener;
  private int trees;
  private long tables;
  private long tableBytes;
  private long entries;
  private long damages;

  private NodeVerifier(Disk disk, Listener listener) {
    this.disk = disk;
    this.listener = listener;
    report =
        damage -> {
          damages++;
          listener.damaged(damage);
        };
  }

  /**
   * Checks a data folder.
   *
   * @throws IOException if a file cannot be read at all; damage is not such a failure
   */
  public static Summary verify(Disk disk, Listener listener) throws IOException {
    return new NodeVerifier(disk, listener).verify();
  }

  private Summary verify() throws IOException {
    listener.reading(Catalog.FILE);
    if (!Catalog.exists(disk)) {
      report.accept(new Damage(Catalog.FILE, 0, "it is missing: this is no data folder"));
      return new Summary(0, 0, 0, 0, 0, 0, damages);
    }
    Catalog catalog;
    try {
      catalog = Catalog.read(disk);
    } catch (CorruptionException e) {
      report.accept(e.damage());
      return new Summary(0, 0, 0, 0, 0, 0, damages);
    }
    LogVerifier logs = new LogVerifier(CommandTable.standard(), report);
    for (int journal = 0; journal < catalog.journals(); journal++) {
      String directory = ReplicaGroup.directory(journal);
      listener.reading(directory);
      logs.read(disk, directory, catalog.journalId(journal));
    }
    for (CatalogEntry keyspace : catalog.keyspaces()) {
      for (int partition = 0; partition < keyspace.options().partitions(); partition++) {
        verifyTree(new ReplicaIdentity(keyspace, partition), logs);
      }
    }
    return new Summary(
        catalog.journals(), logs.records(), trees, tables, tableBytes, entries, damages);
  }

  private void verifyTree(ReplicaIdentity replica, LogVerifier logs) throws IOException {
    trees++;
    String directory = replica.directory();
    if (!disk.exists(directory)) {
      logs.checkGap(replica, Applied.NOTHING);
      return;
    }
    listener.reading(directory);
    TreeVerifier.Summary summary = TreeVerifier.verify(disk, directory, replica.treeId(), report);
    tables += summary.tables();
    tableBytes += summary.bytes();
    entries += summary.entries();
    Applied applied = summary.applied();
    if (applied != null) {
      logs.checkGap(replica, applied);
    }
  }
}
