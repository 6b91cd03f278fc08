package io.distkv.storage.manifest;

import io.distkv.base.ByteReader;
import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.base.MalformedBytesException;
import io.distkv.storage.CorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a manifest file and tells a torn end from damage.
 *
 * <p>The records end where no intact one begins. If a seal says that this place was durable, the
 * disk lost what it had kept, and nothing of the file is believed. If none does, it is the end of
 * what was written, or else of what a crash cut off: nobody was ever promised those bytes.
 */
final class ManifestReader {
  private static final int MAX_FILE_BYTES = 1 << 30;
  private static final int TREE_ID_AT = 20;

  private ManifestReader() {}

  /**
   * What a manifest says.
   *
   * @param edits in order
   * @param positions where each edit begins
   * @param end position after the last intact record
   * @param durable up to where the seals say that it was durable
   * @param torn whether there were bytes after the end
   * @param treeId of the tree that it is of
   * @param file all bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Content(
      List<ManifestEdit> edits,
      List<Long> positions,
      int end,
      int durable,
      boolean torn,
      long treeId,
      byte[] file) {}

  static Content read(Disk disk, String path) throws IOException {
    byte[] file = load(disk, path);
    long treeId = new ByteReader(file, TREE_ID_AT, Long.BYTES).getLong();
    List<ManifestEdit> edits = new ArrayList<>();
    List<Long> positions = new ArrayList<>();
    int position = ManifestFormat.RECORDS_AT;
    ManifestFormat.Found found;
    while ((found = ManifestFormat.find(file, position)) != null) {
      try {
        edits.add(ManifestEdit.read(found.edit()));
      } catch (MalformedBytesException e) {
        throw corrupt(path, position, "an edit cannot be understood: " + e.getMessage());
      }
      positions.add((long) position);
      position = found.end();
    }
    int durable = ManifestFormat.durable(file);
    if (position < durable) {
      throw corrupt(
          path, position, "an edit is damaged; the file was durable up to byte " + durable);
    }
    if (edits.isEmpty()) {
      throw corrupt(path, position, "there is no intact record");
    }
    boolean torn = !isZero(file, position, ManifestFormat.recordsEnd(file.length));
    return new Content(edits, positions, position, durable, torn, treeId, file);
  }

  /**
   * Adds the edits of a manifest up.
   *
   * @param treeId of the tree that it should be of
   */
  static ManifestState state(String path, Content content, long treeId) throws CorruptionException {
    if (content.treeId != treeId) {
      throw corrupt(path, TREE_ID_AT, "it is the manifest of another tree");
    }
    return state(path, content);
  }

  /** Adds the edits of a manifest, of whatever tree, up. */
  static ManifestState state(String path, Content content) throws CorruptionException {
    ManifestState state = ManifestState.EMPTY;
    for (int i = 0; i < content.edits.size(); i++) {
      try {
        state = state.after(List.of(content.edits.get(i)));
      } catch (IllegalArgumentException e) {
        throw corrupt(path, content.positions.get(i), String.valueOf(e.getMessage()));
      }
    }
    String disorder = state.disorder();
    if (disorder != null) {
      throw corrupt(path, content.positions.getLast(), disorder);
    }
    return state;
  }

  private static byte[] load(Disk disk, String path) throws IOException {
    byte[] file;
    try (DiskFile open = disk.openReadOnly(path)) {
      long size = open.size();
      if (size < Manifest.SMALLEST_FILE_BYTES || size > MAX_FILE_BYTES) {
        throw corrupt(path, 0, "a manifest cannot have " + size + " bytes");
      }
      file = new byte[(int) size];
      if (open.read(ByteBuffer.wrap(file), 0) != size) {
        throw corrupt(path, 0, "the file shrank while it was read");
      }
    }
    ByteReader header = new ByteReader(file, 0, ManifestFormat.HEADER_BYTES);
    long magic = header.getLong();
    int version = header.getInt();
    long size = header.getLong();
    header.skip(Long.BYTES);
    int crc = ManifestFormat.crc(file, 0, ManifestFormat.HEADER_BYTES - Integer.BYTES);
    if (magic != ManifestFormat.MAGIC || header.getInt() != crc) {
      throw corrupt(path, 0, "the header of a manifest is damaged");
    }
    if (version != ManifestFormat.VERSION) {
      throw corrupt(path, 8, "unknown format version " + version);
    }
    if (size != file.length) {
      throw corrupt(path, file.length, "the file has " + file.length + " bytes instead of " + size);
    }
    return file;
  }

  private static boolean isZero(byte[] file, int from, int to) {
    for (int i = from; i < to; i++) {
      if (file[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static CorruptionException corrupt(String path, long position, String what) {
    return new CorruptionException(path, position, what);
  }
}
