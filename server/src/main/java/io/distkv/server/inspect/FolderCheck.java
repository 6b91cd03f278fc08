package io.distkv.server.inspect;

import io.distkv.base.Disk;
import io.distkv.node.keyspace.Catalog;
import io.distkv.node.keyspace.CatalogEntry;
import io.distkv.node.replica.ReplicaIdentity;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.Damage;
import io.distkv.storage.journal.JournalScanner;
import io.distkv.storage.manifest.Manifest;
import io.distkv.storage.manifest.ManifestEdit.Placed;
import io.distkv.storage.manifest.ManifestState;
import io.distkv.storage.manifest.TreeFiles;
import io.distkv.storage.table.TableVerifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads everything that a stopped node stores and collects what is wrong with it: the catalog, each
 * journal, each replica's manifest and every table that it names, and whether each log goes on
 * where its tables end. Goes on after each finding. Changes nothing.
 */
public final class FolderCheck {
  private final Disk disk;
  private final Consumer<String> progress;
  private final List<Damage> damages = new ArrayList<>();
  private final LogCheck logs = new LogCheck();
  private int journals;
  private int replicas;
  private long tables;
  private long tableBytes;

  /**
   * @param disk the data folder; nobody may be writing to it
   * @param progress told a line for each journal and each replica that has tables
   */
  public FolderCheck(Disk disk, Consumer<String> progress) {
    this.disk = disk;
    this.progress = progress;
  }

  /** Reads it all. */
  public void run() throws IOException {
    if (!Catalog.exists(disk)) {
      damages.add(new Damage(Catalog.FILE, 0, "it is missing: this is no data folder"));
      return;
    }
    Catalog catalog;
    try {
      catalog = Catalog.read(disk);
    } catch (CorruptionException e) {
      damages.add(e.damage());
      return;
    }
    for (int journal = 0; journal < catalog.journals(); journal++) {
      checkJournal(Catalog.JOURNALS + "/" + journal);
    }
    damages.addAll(logs.damages());
    for (CatalogEntry keyspace : catalog.keyspaces()) {
      for (int partition = 0; partition < keyspace.options().partitions(); partition++) {
        checkReplica(new ReplicaIdentity(keyspace, partition));
      }
    }
  }

  private void checkJournal(String directory) throws IOException {
    long before = logs.records();
    JournalScanner.scan(disk, directory, logs);
    journals++;
    progress.accept("journal " + directory + ": " + (logs.records() - before) + " records");
  }

  private void checkReplica(ReplicaIdentity replica) throws IOException {
    replicas++;
    String directory = replica.directory();
    ManifestState state;
    try {
      state = Manifest.peek(disk, directory);
    } catch (CorruptionException e) {
      damages.add(e.damage());
      return;
    }
    checkLog(replica, state.applied().index());
    long bytes = 0;
    for (Placed placed : state.tables()) {
      checkTable(TreeFiles.table(directory, placed.table().number()));
      bytes += placed.table().fileBytes();
    }
    tables += state.tables().size();
    tableBytes += bytes;
    if (!state.tables().isEmpty()) {
      progress.accept(
          "replica " + replica + ": " + state.tables().size() + " tables, " + bytes + " bytes");
    }
  }

  private void checkTable(String path) throws IOException {
    if (disk.exists(path)) {
      TableVerifier.verify(disk, path, damages::add);
    } else {
      damages.add(new Damage(path, 0, "it is missing, though the manifest names it"));
    }
  }

  private void checkLog(ReplicaIdentity replica, long applied) {
    LogCheck.Entries entries =
        logs.logs().get(new LogCheck.Log(replica.id(), replica.incarnation()));
    if (entries != null && entries.first() > applied + 1) {
      damages.add(
          new Damage(
              replica.directory(),
              0,
              "its tables end at entry "
                  + applied
                  + ", its log begins at "
                  + entries.first()
                  + ": what is between is lost"));
    }
  }

  /** What is wrong, in the order it was found. */
  public List<Damage> damages() {
    return List.copyOf(damages);
  }

  /** One line: what was read and how much of it is damaged. */
  public String summary() {
    return "read "
        + journals
        + " journals with "
        + logs.records()
        + " records, "
        + replicas
        + " replicas with "
        + tables
        + " tables of "
        + tableBytes
        + " bytes: "
        + (damages.isEmpty() ? "no damage" : damages.size() + " damaged places");
  }
}
