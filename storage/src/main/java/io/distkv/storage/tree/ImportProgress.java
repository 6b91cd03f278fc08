package io.distkv.storage.tree;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Up to where the stream of an import is durable, in the file {@code progress} of its folder: a
 * record after each piece, of the bytes so far (8 bytes) and the CRC32C of those (4). The last
 * whole one counts; a torn one is written over.
 */
final class ImportProgress {
  private static final String NAME = "/progress";
  private static final int RECORD_BYTES = 12;

  private final Disk disk;
  private final String path;
  private long records;
  private long bytes;

  ImportProgress(Disk disk, String directory) {
    this.disk = disk;
    path = directory + NAME;
  }

  /** Makes the file. */
  void create() throws IOException {
    disk.create(path).close();
  }

  /** So much of the stream is durable. */
  long bytes() {
    return bytes;
  }

  /** More of it is durable, and from here on said to be. */
  void add(long nowBytes) throws IOException {
    byte[] record = record(nowBytes);
    try (DiskFile file = disk.open(path)) {
      file.write(ByteBuffer.wrap(record), records * RECORD_BYTES);
      file.sync();
    }
    records++;
    bytes = nowBytes;
  }

  /** Reads the file, if it is there; gives {@link #bytes}. */
  long load() throws IOException {
    if (disk.exists(path)) {
      try (DiskFile file = disk.openReadOnly(path)) {
        while (loadNext(file)) {
          records++;
        }
      }
    }
    return bytes;
  }

  private boolean loadNext(DiskFile file) throws IOException {
    ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
    if (file.read(record, records * RECORD_BYTES) < RECORD_BYTES) {
      return false;
    }
    ByteReader reader = new ByteReader(record.array());
    long nowBytes = reader.getLong();
    boolean whole = reader.getInt() == checksum(nowBytes);
    if (whole) {
      bytes = nowBytes;
    }
    return whole;
  }

  private static byte[] record(long bytes) {
    return new ByteWriter(RECORD_BYTES).putLong(bytes).putInt(checksum(bytes)).toByteArray();
  }

  private static int checksum(long bytes) {
    CRC32C crc = new CRC32C();
    crc.update(new ByteWriter(Long.BYTES).putLong(bytes).toByteArray());
    return (int) crc.getValue();
  }
}
