package io.distkv.storage.manifest;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.storage.CorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The file CURRENT, which names the manifest in force: one line, the name and the CRC32C of the
 * name in hexadecimal. It is only ever replaced as a whole.
 */
final class CurrentFile {
  private static final int MAX_BYTES = 64;

  private CurrentFile() {}

  /** The number of the manifest in force. */
  static long read(Disk disk, String directory) throws IOException {
    String path = directory + "/" + TreeFiles.CURRENT;
    ByteBuffer buffer = ByteBuffer.allocate(MAX_BYTES);
    try (DiskFile file = disk.openReadOnly(path)) {
      file.read(buffer, 0);
    }
    String line = new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
    int space = line.indexOf(' ');
    String name = space < 0 ? line : line.substring(0, space);
    if (!line.equals(line(name)) || TreeFiles.manifestNumber(name).isEmpty()) {
      throw new CorruptionException(path, 0, "it does not name a manifest");
    }
    return TreeFiles.manifestNumber(name).getAsLong();
  }

  /** Puts a manifest in force, durably. */
  static void write(Disk disk, String directory, long number) throws IOException {
    String draft = directory + "/" + TreeFiles.CURRENT_DRAFT;
    if (disk.exists(draft)) {
      disk.delete(draft);
    }
    try (DiskFile file = disk.create(draft)) {
      byte[] line = line(TreeFiles.manifestName(number)).getBytes(StandardCharsets.ISO_8859_1);
      file.write(ByteBuffer.wrap(line), 0);
      file.sync();
    }
    disk.rename(draft, directory + "/" + TreeFiles.CURRENT);
    disk.syncDirectory(directory);
  }

  private static String line(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    int crc = ManifestFormat.crc(bytes, 0, bytes.length);
    return String.format(Locale.ROOT, "%s %08x%n", name, crc).replace("\r", "");
  }
}
