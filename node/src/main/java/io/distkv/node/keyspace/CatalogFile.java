package io.distkv.node.keyspace;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Replaces the catalog's file as a whole, in two steps that fail differently: as long as the first
 * has not come through, nothing has changed; once the second has begun, nobody can tell before the
 * next start which of the two catalogs a power cut would leave.
 *
 * <p>Blocks; one call at a time.
 */
public final class CatalogFile {
  static final String NEW_FILE = "catalog.new";
  private static final String ROOT = "";

  private CatalogFile() {}

  /** Writes the next catalog beside the one in force, durably. */
  public static void stage(Disk disk, Catalog next) throws IOException {
    if (disk.exists(NEW_FILE)) {
      disk.delete(NEW_FILE);
    }
    try (DiskFile file = disk.create(NEW_FILE)) {
      file.write(ByteBuffer.wrap(CatalogFormat.encode(next)), 0);
      file.sync();
    }
  }

  /** Puts what was staged in force, durably. */
  public static void install(Disk disk) throws IOException {
    disk.rename(NEW_FILE, Catalog.FILE);
    disk.syncDirectory(ROOT);
  }
}
