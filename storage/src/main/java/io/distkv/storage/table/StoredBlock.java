package io.distkv.storage.table;

import io.distkv.storage.CorruptionException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A block as it lies in the file: the payload, then {@value #TRAILER_BYTES} bytes of trailer (type
 * and compression, raw length, checksum). The checksum covers payload and trailer and is mixed with
 * the block's own place in the file, so that bytes from elsewhere do not pass for it.
 */
final class StoredBlock {

  /** What a block holds; the high half of the trailer's first byte. */
  enum Type {
    DATA(0, "data block"),
    PARTITION(1, "index partition"),
    TOP_INDEX(2, "top-level index"),
    PROPERTIES(3, "properties block");

    private final int id;
    private final String words;

    Type(int id, String words) {
      this.id = id;
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /**
   * The raw content of a block: the first {@code end} bytes of the array.
   *
   * @param bytes never changed
   * @param end no more than the array's length
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Raw(byte[] bytes, int end) {}

  static final int TRAILER_BYTES = 9;

  /**
   * Larger than any compressed block a writer makes, so that no length can ask for a huge array.
   */
  static final int MAX_COMPRESSED_RAW_BYTES = 18 << 20;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private StoredBlock() {}

  /** Fills in the trailer behind a payload of {@code length} bytes that begins at {@code at}. */
  static void seal(
      byte[] bytes, int at, int length, Type type, int compressionId, int rawLength, long offset) {
    int trailer = at + length;
    bytes[trailer] = (byte) (type.id << 4 | compressionId);
    INT.set(bytes, trailer + 1, rawLength);
    INT.set(bytes, trailer + 5, checksum(bytes, at, length, offset));
  }

  /**
   * Checks a stored block that begins at {@code at} and gives back its content.
   *
   * @param offset where in the file it begins
   * @param keep whether the array will not change, so that uncompressed content need not be copied
   */
  static Raw open(
      byte[] bytes, int at, int length, boolean keep, Type type, String file, long offset)
      throws CorruptionException {
    int trailer = at + length;
    if ((int) INT.get(bytes, trailer + 5) != checksum(bytes, at, length, offset)) {
      throw new CorruptionException(file, offset, "checksum of the " + type.words + " is wrong");
    }
    int typeId = (bytes[trailer] & 0xFF) >>> 4;
    if (typeId != type.id) {
      throw new CorruptionException(file, offset, "no " + type.words + " but type " + typeId);
    }
    int compressionId = bytes[trailer] & 0xF;
    int rawLength = (int) INT.get(bytes, trailer + 1);
    if (compressionId == Compression.NONE.id()) {
      if (rawLength != length) {
        throw new CorruptionException(file, offset, "raw length " + rawLength + " is wrong");
      }
      return keep && at == 0
          ? new Raw(bytes, length)
          : new Raw(Arrays.copyOfRange(bytes, at, trailer), length);
    }
    if (rawLength < 0 || rawLength > MAX_COMPRESSED_RAW_BYTES) {
      throw new CorruptionException(file, offset, "raw length " + rawLength + " is out of range");
    }
    byte[] raw = new byte[rawLength];
    if (!Decompression.decompress(compressionId, bytes, at, length, raw)) {
      throw new CorruptionException(
          file, offset, type.words + " does not decompress, compression " + compressionId);
    }
    return new Raw(raw, rawLength);
  }

  private static int checksum(byte[] bytes, int at, int length, long offset) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, at, length + TRAILER_BYTES - Integer.BYTES);
    return (int) crc.getValue() ^ (int) ((offset * 0x9E3779B97F4A7C15L) >>> 32);
  }
}
