package io.distkv.storage.table;

import io.distkv.base.DiskFile;
import io.distkv.storage.CorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The file of a table, open for reading, any number of threads at once.
 *
 * @param file positional reads only
 * @param path its name, for error messages
 * @param bytes its size
 */
record TableFile(DiskFile file, String path, long bytes) implements BlockSource {
  /** Reads larger than this are split: the system sets aside native memory as large as a read. */
  private static final int LARGEST_READ_BYTES = 1 << 20;

  @Override
  public StoredBlock.Raw read(long offset, int length, StoredBlock.Type type) throws IOException {
    requireInside(offset, length, type);
    byte[] stored = new byte[length + StoredBlock.TRAILER_BYTES];
    readFully(stored, stored.length, offset);
    return StoredBlock.open(stored, 0, length, true, type, path, offset);
  }

  /** Refuses places that cannot be, before any array is made for them. */
  void requireInside(long offset, int length, StoredBlock.Type type) throws CorruptionException {
    if (offset < 0
        || length < 0
        || length > Integer.MAX_VALUE - 64
        || offset > bytes - length - StoredBlock.TRAILER_BYTES) {
      throw new CorruptionException(
          path,
          offset,
          type.words() + " of " + length + " bytes is not inside the file of " + bytes);
    }
  }

  /** Fills the first {@code length} bytes of an array. */
  void readFully(byte[] target, int length, long offset) throws IOException {
    int done = 0;
    while (done < length) {
      int piece = Math.min(length - done, LARGEST_READ_BYTES);
      int read = file.read(ByteBuffer.wrap(target, done, piece), offset + done);
      if (read < piece) {
        throw new CorruptionException(
            path, offset, "the file ends before byte " + (offset + length));
      }
      done += piece;
    }
  }
}
