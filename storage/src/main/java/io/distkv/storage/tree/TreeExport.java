package io.distkv.storage.tree;

import io.distkv.base.ByteWriter;
import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.manifest.Manifest;
import io.distkv.storage.manifest.ManifestEdit.Placed;
import io.distkv.storage.manifest.ManifestState;
import io.distkv.storage.manifest.TreeFiles;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A checkpoint of a tree as one stream of bytes, to be read in pieces: a head (format version (1),
 * the manifest's state as a blob), then the tables' files, one after another, in the order of the
 * head.
 *
 * <p>Blocks on the disk; used by one thread at a time, any.
 */
public final class TreeExport {
  static final int VERSION = 1;

  private final Disk disk;
  private final String directory;
  private final ManifestState state;
  private final byte[] head;

  private TreeExport(Disk disk, String directory, ManifestState state) {
    this.disk = disk;
    this.directory = directory;
    this.state = state;
    byte[] bytes = state.encode();
    head = new ByteWriter(bytes.length + 6).putByte(VERSION).putBlob(bytes).toByteArray();
  }

  /** Opens a checkpoint that {@link Tree#checkpoint} has made. */
  public static TreeExport open(Disk disk, String directory, long treeId) throws IOException {
    return new TreeExport(disk, directory, Manifest.peek(disk, directory, treeId));
  }

  /** Removes the folder of a checkpoint, if it is there. */
  public static void remove(Disk disk, String directory) throws IOException {
    TreeImport.remove(disk, directory);
  }

  static long tableBytes(ManifestState state) {
    return state.tables().stream().mapToLong(placed -> placed.table().fileBytes()).sum();
  }

  /** How far its tables hold the log. */
  public Applied applied() {
    return state.applied();
  }

  /** Bytes of the whole stream. */
  public long sizeBytes() {
    return head.length + tableBytes(state);
  }

  /**
   * A piece of the stream: the whole head, or bytes of the tables.
   *
   * @param offset 0, or from the head's end on
   * @param mostBytes of tables in it
   */
  public byte[] read(long offset, int mostBytes) throws IOException {
    if (offset == 0) {
      return head.clone();
    }
    int length = (int) Math.min(mostBytes, sizeBytes() - offset);
    if (offset < head.length || length < 0) {
      throw new IllegalArgumentException("no piece begins at " + offset);
    }
    byte[] piece = new byte[length];
    long tableStart = head.length;
    for (Placed placed : state.tables()) {
      long tableEnd = tableStart + placed.table().fileBytes();
      long from = Math.max(offset, tableStart);
      long to = Math.min(offset + length, tableEnd);
      if (from < to) {
        read(placed.table().number(), from - tableStart, piece, (int) (from - offset), to - from);
      }
      tableStart = tableEnd;
    }
    return piece;
  }

  private void read(long table, long position, byte[] piece, int start, long length)
      throws IOException {
    try (DiskFile file = disk.openReadOnly(TreeFiles.table(directory, table))) {
      file.read(ByteBuffer.wrap(piece, start, (int) length), position);
    }
  }
}
