package io.distkv.storage.tree;

import io.distkv.base.Disk;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.Damage;
import io.distkv.storage.cache.BlockCache;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.manifest.Manifest;
import io.distkv.storage.manifest.ManifestEdit.Placed;
import io.distkv.storage.manifest.ManifestState;
import io.distkv.storage.manifest.TableMeta;
import io.distkv.storage.manifest.TreeFiles;
import io.distkv.storage.table.TableReader;
import io.distkv.storage.table.TableVerifier;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads everything in the folder of a tree that is not open, changes nothing and reports what is
 * damaged: the manifest, tables that are missing or not those that the manifest names, and every
 * damaged block of every table.
 */
public final class TreeVerifier {

  /**
   * What was read.
   *
   * @param tables number of tables
   * @param bytes size of their files, by the manifest
   * @param entries in them, by the manifest
   * @param applied how far they hold the log; null if the manifest cannot tell
   */
  public record Summary(int tables, long bytes, long entries, @Nullable Applied applied) {}

  private static final Summary NOTHING = new Summary(0, 0, 0, null);

  private final Disk disk;
  private final Consumer<Damage> report;

  private TreeVerifier(Disk disk, Consumer<Damage> report) {
    this.disk = disk;
    this.report = report;
  }

  /**
   * Checks one tree. A folder whose tree was being dropped counts as empty.
   *
   * @param treeId of the tree that should be there
   * @param report is told of each finding
   * @throws IOException if a file cannot be read at all; damage is not such a failure
   */
  public static Summary verify(Disk disk, String directory, long treeId, Consumer<Damage> report)
      throws IOException {
    if (TreeFolder.isBeingRemoved(disk, directory)) {
      return NOTHING;
    }
    try {
      ManifestState state = Manifest.peek(disk, directory, treeId);
      return new TreeVerifier(disk, report).verify(directory, state);
    } catch (CorruptionException e) {
      report.accept(e.damage());
      return NOTHING;
    }
  }

  /** Checks the tables that a manifest names, wherever they are. */
  static void verifyTables(
      Disk disk, String directory, ManifestState state, Consumer<Damage> report)
      throws IOException {
    new TreeVerifier(disk, report).verify(directory, state);
  }

  private Summary verify(String directory, ManifestState state) throws IOException {
    long bytes = 0;
    long entries = 0;
    for (Placed placed : state.tables()) {
      TableMeta table = placed.table();
      bytes += table.fileBytes();
      entries += table.entries();
      verify(TreeFiles.table(directory, table.number()), table);
    }
    return new Summary(state.tables().size(), bytes, entries, state.applied());
  }

  private void verify(String path, TableMeta table) throws IOException {
    boolean[] damaged = {false};
    try {
      TableVerifier.verify(
          disk,
          path,
          damage -> {
            damaged[0] = true;
            report.accept(damage);
          });
      if (damaged[0]) {
        return;
      }
      try (TableReader reader = TableReader.open(disk, path, 0, new BlockCache(0))) {
        if (!table.matches(reader.properties())) {
          report.accept(new Damage(path, 0, "it is not the table that the manifest names"));
        }
      }
    } catch (NoSuchFileException e) {
      report.accept(new Damage(path, 0, "the manifest names this table, but it is missing"));
    }
  }
}
