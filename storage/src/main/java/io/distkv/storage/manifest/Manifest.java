package io.distkv.storage.manifest;

import io.distkv.base.ByteWriter;
import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.storage.CorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * The durable record of what a tree consists of. An edit is in force once {@link #append} returns
 * and then survives anything; one that failed is not in force, and appending may be tried again.
 *
 * <p>Edits go to the end of a file of fixed size. When they no longer fit, the sum of all edits
 * becomes the first record of a new file, which CURRENT is made to name; a crash in between leaves
 * the old one in force.
 *
 * <p>Every method may block on the disk. Not thread-safe; the owner makes one call at a time.
 */
public final class Manifest implements AutoCloseable {
  static final int SMALLEST_FILE_BYTES = 8 * 1024;
  private static final int PAGE_BYTES = 4 * 1024;

  /** How many times its first record a new file has room for. */
  private static final int ROOM_FACTOR = 4;

  private final Disk disk;
  private final String directory;
  private final long treeId;
  private long number;

  /** The largest number given to a manifest file, counting those that never came into force. */
  private long lastNumber;

  /**
   * Whether the last attempt to write failed. Then nobody can say what the file holds, or even
   * which file CURRENT names on the disk, so the next edits go to a file of their own under a new
   * number.
   */
  private boolean mistrusted;

  private DiskFile file;
  private int end;

  private int fileBytes;
  private ManifestState state;

  private Manifest(
      Disk disk,
      String directory,
      long treeId,
      long number,
      DiskFile file,
      int end,
      int fileBytes,
      ManifestState state) {
    this.disk = disk;
    this.directory = directory;
    this.treeId = treeId;
    this.number = number;
    this.lastNumber = number;
    this.file = file;
    this.end = end;
    this.fileBytes = fileBytes;
    this.state = state;
  }

  /**
   * Opens the manifest in a folder and removes the files that no edit knows of: what a crash left
   * half made, or had no time to delete. An empty or missing folder becomes a tree without tables.
   *
   * @param treeId of the tree: given to a new one, and compared with that of one that is there
   * @throws CorruptionException if the manifest is damaged, missing although there was something in
   *     the tree, or of another tree
   */
  public static Manifest open(Disk disk, String directory, long treeId) throws IOException {
    List<String> names = disk.list(directory);
    if (!names.contains(TreeFiles.CURRENT)) {
      requireNothingIn(disk, directory, names);
      disk.createDirectories(directory);
      removeFiles(disk, directory, names);
      return create(disk, directory, treeId, ManifestState.EMPTY);
    }
    long number = CurrentFile.read(disk, directory);
    String path = pathInForce(disk, directory, names);
    ManifestReader.Content content = ManifestReader.read(disk, path);
    ManifestState state = ManifestReader.state(path, content, treeId);
    DiskFile file = disk.open(path);
    Manifest manifest =
        new Manifest(
            disk, directory, treeId, number, file, content.end(), content.file().length, state);
    for (String name : names) {
      TreeFiles.manifestNumber(name)
          .ifPresent(found -> manifest.lastNumber = Math.max(manifest.lastNumber, found));
    }
    try {
      if (content.torn()) {
        requireTables(path, content, state, names);
        manifest.rollOver(state);
      } else {
        manifest.makeDurable(content);
      }
      manifest.removeOrphans();
    } catch (IOException e) {
      manifest.close();
      throw e;
    }
    return manifest;
  }

  /**
   * Nothing is changed on the word of a manifest that seems to be torn, but names tables that are
   * gone: then its last edit has rotted, and the next look may find it whole.
   */
  private static void requireTables(
      String path, ManifestReader.Content content, ManifestState state, List<String> names)
      throws CorruptionException {
    Set<Long> there = new TreeSet<>();
    names.forEach(name -> TreeFiles.tableNumber(name).ifPresent(there::add));
    for (ManifestEdit.Placed placed : state.tables()) {
      long number = placed.table().number();
      if (!there.contains(number)) {
        throw new CorruptionException(
            path,
            content.end(),
            "what stands here passes for a torn edit, but an edit before it names table "
                + number
                + ", which is missing");
      }
    }
  }

  /**
   * What the manifest in force in a folder says. Changes nothing.
   *
   * @param treeId of the tree that should be there
   * @throws CorruptionException as {@link #open} does
   */
  public static ManifestState peek(Disk disk, String directory, long treeId) throws IOException {
    List<String> names = disk.list(directory);
    if (!names.contains(TreeFiles.CURRENT)) {
      requireNothingIn(disk, directory, names);
      return ManifestState.EMPTY;
    }
    String path = pathInForce(disk, directory, names);
    return ManifestReader.state(path, ManifestReader.read(disk, path), treeId);
  }

  /** Without CURRENT a folder is new: all that a crash may have left there is an empty manifest. */
  private static void requireNothingIn(Disk disk, String directory, List<String> names)
      throws IOException {
    for (String name : names) {
      boolean manifest = TreeFiles.manifestNumber(name).isPresent();
      if (TreeFiles.tableNumber(name).isPresent()
          || (manifest && !isOfNewTree(disk, directory + "/" + name))) {
        throw new CorruptionException(
            directory + "/" + TreeFiles.CURRENT, 0, "it is missing although there is " + name);
      }
    }
  }

  private static boolean isOfNewTree(Disk disk, String path) throws IOException {
    try {
      ManifestState state = ManifestReader.state(path, ManifestReader.read(disk, path));
      return state.tables().isEmpty() && state.applied().index() == 0;
    } catch (CorruptionException e) {
      return true; // never synced, or it would be whole: then CURRENT never named it
    }
  }

  private static String pathInForce(Disk disk, String directory, List<String> names)
      throws IOException {
    String name = TreeFiles.manifestName(CurrentFile.read(disk, directory));
    if (!names.contains(name)) {
      throw missing(directory, name, names);
    }
    return directory + "/" + name;
  }

  /** The manifest is gone, or, where there is another one, CURRENT does not say what it said. */
  private static CorruptionException missing(String directory, String name, List<String> names) {
    for (String other : names) {
      if (TreeFiles.manifestNumber(other).isPresent()) {
        return new CorruptionException(
            directory + "/" + TreeFiles.CURRENT,
            0,
            "it names " + name + ", which is missing, while there is " + other);
      }
    }
    return new CorruptionException(
        directory + "/" + name, 0, "the manifest that CURRENT names is missing");
  }

  /** Makes a folder, which must exist, a tree with these tables; the table files must be there. */
  public static Manifest create(Disk disk, String directory, long treeId, ManifestState state)
      throws IOException {
    Image image = Image.of(treeId, state);
    DiskFile file = image.write(disk, directory + "/" + TreeFiles.manifestName(1));
    try {
      disk.syncDirectory(directory);
      CurrentFile.write(disk, directory, 1);
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return new Manifest(disk, directory, treeId, 1, file, image.end, image.fileBytes, state);
  }

  /** The sum of all edits in force. */
  public ManifestState state() {
    return state;
  }

  /**
   * Puts edits in force, in order, all or none of them.
   *
   * @throws IllegalArgumentException if they do not fit {@link #state}
   */
  public void append(Collection<ManifestEdit> edits) throws IOException {
    ManifestState after = state.after(edits);
    ByteWriter out = new ByteWriter(1024);
    for (ManifestEdit edit : edits) {
      ManifestFormat.putEdit(out, edit);
    }
    if (mistrusted || out.size() > ManifestFormat.recordsEnd(fileBytes) - end) {
      rollOver(after);
      return;
    }
    mistrusted = true;
    file.write(ByteBuffer.wrap(out.array(), 0, out.size()), end);
    file.sync();
    end += out.size();
    state = after;
    try {
      seal();
      mistrusted = false;
    } catch (IOException e) {
      // The edits are in force all the same. If the disk goes on failing, the next ones will say
      // so.
    }
  }

  /**
   * Everything up to the end is durable. The seals are made so at once: one that a power cut took
   * away could not tell a newest edit that has rotted since from a torn one.
   */
  private void seal() throws IOException {
    byte[] seal = ManifestFormat.seal(end);
    for (int position : ManifestFormat.sealPositions(fileBytes)) {
      file.write(ByteBuffer.wrap(seal), position);
    }
    file.sync();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /**
   * After a crash of the process alone, what was read may only be in the page cache so far; after a
   * failed sync the cache may even take it for clean. So it is written and synced once more before
   * anybody relies on it, and so is the name CURRENT.
   */
  private void makeDurable(ManifestReader.Content content) throws IOException {
    int from = content.durable();
    file.write(ByteBuffer.wrap(content.file(), from, end - from), from);
    file.sync();
    disk.syncDirectory(directory);
    seal();
  }

  private void rollOver(ManifestState newState) throws IOException {
    mistrusted = true;
    long newNumber = ++lastNumber;
    String path = directory + "/" + TreeFiles.manifestName(newNumber);
    Image image = Image.of(treeId, newState);
    DiskFile fresh = image.write(disk, path);
    try {
      disk.syncDirectory(directory);
      CurrentFile.write(disk, directory, newNumber);
    } catch (IOException e) {
      fresh.close();
      throw e;
    }
    String oldPath = directory + "/" + TreeFiles.manifestName(number);
    DiskFile old = file;
    file = fresh;
    number = newNumber;
    end = image.end;
    fileBytes = image.fileBytes;
    state = newState;
    mistrusted = false;
    old.close();
    disk.delete(oldPath);
  }

  private void removeOrphans() throws IOException {
    Set<Long> known = new TreeSet<>();
    state.tables().forEach(placed -> known.add(placed.table().number()));
    List<String> orphans =
        disk.list(directory).stream().filter(name -> isOrphan(name, known)).toList();
    removeFiles(disk, directory, orphans);
  }

  private boolean isOrphan(String name, Set<Long> known) {
    OptionalLong table = TreeFiles.tableNumber(name);
    OptionalLong manifest = TreeFiles.manifestNumber(name);
    return (table.isPresent() && !known.contains(table.getAsLong()))
        || (manifest.isPresent() && manifest.getAsLong() != number)
        || name.equals(TreeFiles.CURRENT_DRAFT);
  }

  /** Deletes those of the names that are a tree's files; others are not ours to judge. */
  private static void removeFiles(Disk disk, String directory, List<String> names)
      throws IOException {
    for (String name : names) {
      if (TreeFiles.isTreeFile(name)) {
        disk.delete(directory + "/" + name);
      }
    }
  }

  /** The first content of a manifest file. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Image(byte[] bytes, int end, int fileBytes) {

    static Image of(long treeId, ManifestState state) {
      ByteWriter snapshot = new ByteWriter(1024);
      ManifestFormat.putEdit(snapshot, state.asEdit());
      long room = (long) ROOM_FACTOR * snapshot.size() + PAGE_BYTES;
      long pages = (Math.max(SMALLEST_FILE_BYTES, room) + PAGE_BYTES - 1) / PAGE_BYTES;
      int fileBytes = Math.toIntExact(pages * PAGE_BYTES);
      int end = ManifestFormat.RECORDS_AT + snapshot.size();
      ByteWriter header = new ByteWriter(ManifestFormat.HEADER_BYTES);
      ManifestFormat.putHeader(header, fileBytes, treeId);
      ByteBuffer image = ByteBuffer.allocate(fileBytes);
      image.put(0, header.array(), 0, header.size());
      image.put(ManifestFormat.RECORDS_AT, snapshot.array(), 0, snapshot.size());
      for (int position : ManifestFormat.sealPositions(fileBytes)) {
        image.put(position, ManifestFormat.seal(end));
      }
      return new Image(image.array(), end, fileBytes);
    }

    DiskFile write(Disk disk, String path) throws IOException {
      DiskFile file = disk.create(path);
      try {
        file.write(ByteBuffer.wrap(bytes), 0);
        file.sync();
      } catch (IOException e) {
        file.close();
        throw e;
      }
      return file;
    }
  }
}
