package io.distkv.storage.tree;

import io.distkv.base.ByteReader;
import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.base.MalformedBytesException;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.Damage;
import io.distkv.storage.manifest.Applied;
import io.distkv.storage.manifest.ManifestEdit.Placed;
import io.distkv.storage.manifest.ManifestState;
import io.distkv.storage.manifest.TreeFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a tree as they come from elsewhere, piece by piece, into a folder of their own: the
 * stream of a {@link TreeExport}. When all are there, {@link Tree#replace} puts them into a tree.
 *
 * <p>It can be gone on with after a crash: the folder says, in a file that is written first, what
 * the stream begins with and where it comes from, and in another up to where it is durable.
 *
 * <p>Blocks on the disk; used by one thread at a time, any.
 */
public final class TreeImport {
  private final Disk disk;
  private final String directory;
  private final byte[] origin;
  private final ManifestState state;
  private final long headBytes;
  private final long sizeBytes;
  private final ImportProgress progress;

  private TreeImport(
      Disk disk, String directory, byte[] head, byte[] origin, ImportProgress progress) {
    this.disk = disk;
    this.directory = directory;
    this.origin = origin;
    this.progress = progress;
    ByteReader reader = new ByteReader(head);
    int version = reader.getByte();
    if (version != TreeExport.VERSION) {
      throw new MalformedBytesException("a snapshot of version " + version);
    }
    state = ManifestState.decode(reader.getBlob());
    headBytes = head.length;
    sizeBytes = headBytes + TreeExport.tableBytes(state);
  }

  /**
   * Begins, in a folder that is emptied first. Durable when it returns.
   *
   * @param head the stream's first piece: all of {@link TreeExport#read} at 0
   * @param origin what {@link #origin} is to say of where the stream comes from
   * @throws MalformedBytesException if it is none
   */
  public static TreeImport begin(Disk disk, String directory, byte[] head, byte[] origin)
      throws IOException {
    ImportProgress progress = new ImportProgress(disk, directory);
    TreeImport begun = new TreeImport(disk, directory, head, origin, progress);
    remove(disk, directory);
    disk.createDirectories(directory);
    ImportHead.write(disk, directory, new ImportHead(origin, head));
    for (Placed placed : begun.state.tables()) {
      disk.create(TreeFiles.table(directory, placed.table().number())).close();
    }
    progress.create();
    disk.syncDirectory(directory);
    progress.add(head.length);
    return begun;
  }

  /**
   * Goes on with what an earlier process began; null if the folder does not hold enough for that.
   *
   * @throws MalformedBytesException if it was written by another version
   */
  public static @Nullable TreeImport resume(Disk disk, String directory) throws IOException {
    ImportHead head = ImportHead.read(disk, directory);
    ImportProgress progress = new ImportProgress(disk, directory);
    if (head == null || progress.load() == 0) {
      return null;
    }
    TreeImport resumed = new TreeImport(disk, directory, head.head(), head.origin(), progress);
    for (Placed placed : resumed.state.tables()) {
      if (!disk.exists(resumed.path(placed.table().number()))) {
        // The process ended while the tables were being moved into a tree.
        return null;
      }
    }
    return resumed;
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

  /** The folder. */
  public String directory() {
    return directory;
  }

  /** What was said at the beginning of where the stream comes from. */
  public byte[] origin() {
    return origin.clone();
  }

  /** Bytes of the stream, from its beginning on, that are durable. */
  public long durableBytes() {
    return progress.bytes();
  }

  /** Bytes of the whole stream. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /**
   * Writes the next piece, durably. A piece that failed can be written again.
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
    progress.add(offset + bytes.length);
  }

  /**
   * Reads all tables and checks whatever their format promises, once all of the stream has come.
   *
   * @throws CorruptionException if anything is damaged; names the first finding
   */
  public void verify() throws IOException {
    List<Damage> findings = new ArrayList<>();
    TreeVerifier.verifyTables(disk, directory, state, findings::add);
    if (!findings.isEmpty()) {
      Damage first = findings.getFirst();
      throw new CorruptionException(first.file(), first.offset(), first.what());
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
