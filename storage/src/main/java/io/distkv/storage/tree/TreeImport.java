package io.distkv.storage.tree;

import io.distkv.base.ByteReader;
import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.base.MalformedBytesException;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.manifest.ManifestEdit.Placed;
import io.distkv.storage.manifest.ManifestState;
import io.distkv.storage.manifest.TreeFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The tables of a tree as they come from elsewhere, piece by piece, into a folder of their own: the
 * stream of a {@link TreeExport}. When all are there, {@link Tree#replace} puts them into a tree.
 *
 * <p>Blocks on the disk; used by one thread at a time, any.
 */
public final class TreeImport {
  private final Disk disk;
  private final String directory;
  private final ManifestState state;
  private final long headBytes;
  private final long sizeBytes;

  private TreeImport(Disk disk, String directory, ManifestState state, long headBytes) {
    this.disk = disk;
    this.directory = directory;
    this.state = state;
    this.headBytes = headBytes;
    sizeBytes = headBytes + TreeExport.tableBytes(state);
  }

  /**
   * Begins, in a folder that is emptied first.
   *
   * @param head the stream's first piece: all of {@link TreeExport#head}
   * @throws MalformedBytesException if it is none
   */
  public static TreeImport begin(Disk disk, String directory, byte[] head) throws IOException {
    ByteReader reader = new ByteReader(head);
    int version = reader.getByte();
    if (version != TreeExport.VERSION) {
      throw new MalformedBytesException("a snapshot of version " + version);
    }
    ManifestState state = ManifestState.decode(reader.getBlob());
    remove(disk, directory);
    disk.createDirectories(directory);
    TreeImport begun = new TreeImport(disk, directory, state, head.length);
    for (Placed placed : state.tables()) {
      disk.create(TreeFiles.table(directory, placed.table().number())).close();
    }
    disk.syncDirectory(directory);
    return begun;
  }

  /** Removes the folder of an import, if it is there. */
  public static void remove(Disk disk, String directory) throws IOException {
    for (String name : disk.list(directory)) {
      disk.delete(directory + "/" + name);
    }
    if (disk.exists(directory)) {
      disk.delete(directory);
    }
  }

  /** How far its tables hold the log that they come from. */
  public Applied applied() {
    return state.applied();
  }

  /** Bytes of the whole stream. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /**
   * Writes the next piece, durably.
   *
   * @param offset in the stream, behind the head
   * @throws MalformedBytesException if it goes beyond the stream's end
   */
  public void write(long offset, byte[] bytes) throws IOException {
    if (offset < headBytes || offset + bytes.length > sizeBytes) {
      throw new MalformedBytesException(
          bytes.length + " bytes at " + offset + " of a snapshot of " + sizeBytes);
    }
    long tableStart = headBytes;
    for (Placed placed : state.tables()) {
      long tableEnd = tableStart + placed.table().fileBytes();
      long from = Math.max(offset, tableStart);
      long to = Math.min(offset + bytes.length, tableEnd);
      if (from < to) {
        write(placed.table().number(), from - tableStart, bytes, (int) (from - offset), to - from);
      }
      tableStart = tableEnd;
    }
  }

  private void write(long table, long position, byte[] bytes, int start, long length)
      throws IOException {
    try (DiskFile file = disk.open(TreeFiles.table(directory, table))) {
      file.write(ByteBuffer.wrap(bytes, start, (int) length), position);
      file.sync();
    }
  }

  /** The tables, with the levels that they are to have; numbers are those of their old tree. */
  List<Placed> tables() {
    return state.tables();
  }

  long historyFloor() {
    return state.historyFloor();
  }

  long lastVersion() {
    return state.lastVersion();
  }

  String path(long table) {
    return TreeFiles.table(directory, table);
  }

  /** The tables have been moved elsewhere. */
  void finish() throws IOException {
    remove(disk, directory);
  }
}
