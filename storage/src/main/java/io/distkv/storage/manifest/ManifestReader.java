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
import org.jspecify.annotations.Nullable;

/**
 * Reads a manifest file and tells a torn end from damage.
 *
 * <p>Where no intact record begins although the file is not zero from there on, either the last
 * write was cut off by a crash or the disk lost what it had kept. The durable marks decide: if any
 * intact record further on says that this place was durable, it is damage and nothing of the file
 * is believed; if none does, nobody was ever promised these bytes, and the edits end before them.
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
   * @param durable the highest durable mark
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
    int position = ManifestFormat.HEADER_BYTES;
    int durable = position;
    ManifestFormat.Found found;
    while ((found = ManifestFormat.find(file, position)) != null) {
      if (found.kind() == ManifestFormat.EDIT) {
        try {
          edits.add(ManifestEdit.read(found.payload()));
        } catch (MalformedBytesException e) {
          throw corrupt(path, position, "an edit cannot be understood: " + e.getMessage());
        }
        positions.add(found.position());
      }
      durable = Math.clamp(found.durable(), durable, position);
      position = found.end();
    }
    boolean torn = !isZeroFrom(file, position);
    if (torn) {
      ManifestFormat.Found witness = witness(file, position);
      if (witness != null) {
        throw corrupt(
            path,
            position,
            "a record is damaged that was durable before the one at byte "
                + witness.position()
                + " was written");
      }
    }
    if (edits.isEmpty()) {
      throw corrupt(path, position, "there is no intact record");
    }
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
      if (size < ManifestFormat.HEADER_BYTES || size > MAX_FILE_BYTES) {
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

  private static boolean isZeroFrom(byte[] file, int position) {
    for (int i = position; i < file.length; i++) {
      if (file[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** An intact record behind a damaged place that proves the place was durable. */
  private static ManifestFormat.@Nullable Found witness(byte[] file, int damaged) {
    for (int position = damaged + 1; position < file.length; position++) {
      ManifestFormat.Found found = ManifestFormat.find(file, position);
      if (found != null && found.durable() > damaged) {
        return found;
      }
    }
    return null;
  }

  private static CorruptionException corrupt(String path, long position, String what) {
    return new CorruptionException(path, position, what);
  }
}
