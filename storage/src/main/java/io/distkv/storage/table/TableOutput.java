package io.distkv.storage.table;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes a file from its beginning to its end in large pieces. Not thread-safe.
 *
 * <p>Every {@value #SYNC_EVERY_BYTES} bytes it syncs what it wrote. One sync of a whole large table
 * at the end would hold up the journal's small syncs for as long as the device needs for all of it.
 */
final class TableOutput implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 * 1024;
  private static final int SYNC_EVERY_BYTES = 8 * 1024 * 1024;

  private final DiskFile file;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int buffered;
  private long written;
  private long synced;

  TableOutput(Disk disk, String path) throws IOException {
    file = disk.create(path);
  }

  /** Where the next byte goes. */
  long position() {
    return written + buffered;
  }

  void write(byte[] bytes, int length) throws IOException {
    int from = 0;
    while (from < length) {
      if (buffered == BUFFER_BYTES) {
        flush();
      }
      int piece = Math.min(length - from, BUFFER_BYTES - buffered);
      System.arraycopy(bytes, from, buffer, buffered, piece);
      buffered += piece;
      from += piece;
    }
  }

  /** Makes everything durable. */
  void sync() throws IOException {
    flush();
    file.sync();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void flush() throws IOException {
    file.write(ByteBuffer.wrap(buffer, 0, buffered), written);
    written += buffered;
    buffered = 0;
    if (written - synced >= SYNC_EVERY_BYTES) {
      file.sync();
      synced = written;
    }
  }
}
