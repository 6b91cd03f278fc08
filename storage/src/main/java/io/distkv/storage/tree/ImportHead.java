package io.distkv.storage.tree;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.base.MalformedBytesException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What an import began with, in the file {@code head} of its folder: {@code DKVIMPRT}, the CRC32C
 * of the rest (4 bytes), format version (1), origin and head of the stream (blobs).
 */
final class ImportHead {
  private static final String NAME = "/head";
  private static final long MAGIC = 0x5452_504D_4956_4B44L; // "DKVIMPRT" in little-endian order
  private static final int REST = Long.BYTES + Integer.BYTES;
  private static final int VERSION = 1;
  private static final int MOST_BYTES = 256 * 1024 * 1024;

  private final byte[] origin;
  private final byte[] head;

  /** Keeps both as they are. */
  ImportHead(byte[] origin, byte[] head) {
    this.origin = origin;
    this.head = head;
  }

  /** Where the stream comes from, in its owner's words. */
  byte[] origin() {
    return origin;
  }

  /** The stream's first piece. */
  byte[] head() {
    return head;
  }

  /** Writes the file, durably but for its name. */
  static void write(Disk disk, String directory, ImportHead head) throws IOException {
    byte[] rest =
        new ByteWriter(16 + head.origin.length + head.head.length)
            .putByte(VERSION)
            .putBlob(head.origin)
            .putBlob(head.head)
            .toByteArray();
    byte[] bytes =
        new ByteWriter(REST + rest.length)
            .putLong(MAGIC)
            .putInt(checksum(rest))
            .putBytes(rest)
            .toByteArray();
    try (DiskFile file = disk.create(directory + NAME)) {
      file.write(ByteBuffer.wrap(bytes), 0);
      file.sync();
    }
  }

  /**
   * Reads the file; null if it is not there as a whole.
   *
   * @throws MalformedBytesException if it is of another version
   */
  static @Nullable ImportHead read(Disk disk, String directory) throws IOException {
    if (!disk.exists(directory + NAME)) {
      return null;
    }
    ByteBuffer bytes;
    try (DiskFile file = disk.openReadOnly(directory + NAME)) {
      bytes = ByteBuffer.allocate((int) Math.min(MOST_BYTES, file.size()));
      file.read(bytes, 0);
    }
    if (bytes.position() <= REST) {
      return null;
    }
    ByteReader start = new ByteReader(bytes.array());
    byte[] rest = Arrays.copyOfRange(bytes.array(), REST, bytes.position());
    if (start.getLong() != MAGIC || start.getInt() != checksum(rest)) {
      return null;
    }
    ByteReader reader = new ByteReader(rest);
    int version = reader.getByte();
    if (version != VERSION) {
      throw new MalformedBytesException("an import of version " + version);
    }
    return new ImportHead(reader.getBlob(), reader.getBlob());
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
