package io.distkv.storage.table;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.storage.CorruptionException;
import java.util.zip.CRC32C;

/**
 * The last {@value #BYTES} bytes of a table: where the top-level index and the properties are, the
 * format version, a checksum, and the magic that says this is a table.
 */
record Footer(long topOffset, int topLength, long propertiesOffset, int propertiesLength) {
  static final int BYTES = 40;
  static final int FORMAT_VERSION = 1;

  /** "DKVTABLE" in the order of the file. */
  static final long MAGIC = 0x454C_4241_5456_4B44L;

  private static final int CHECKED_BYTES = 28;

  byte[] encode() {
    ByteWriter writer = new ByteWriter(BYTES);
    writer.putLong(topOffset).putInt(topLength);
    writer.putLong(propertiesOffset).putInt(propertiesLength);
    writer.putInt(FORMAT_VERSION).putInt(checksum(writer.array())).putLong(MAGIC);
    return writer.toByteArray();
  }

  static Footer decode(byte[] bytes, String file, long fileBytes) throws CorruptionException {
    long offset = fileBytes - BYTES;
    ByteReader reader = new ByteReader(bytes);
    Footer footer =
        new Footer(reader.getLong(), reader.getInt(), reader.getLong(), reader.getInt());
    int formatVersion = reader.getInt();
    int checksum = reader.getInt();
    if (reader.getLong() != MAGIC) {
      throw new CorruptionException(file, offset, "no table footer: cut short, or not a table");
    }
    if (checksum != checksum(bytes)) {
      throw new CorruptionException(file, offset, "checksum of the footer is wrong");
    }
    if (formatVersion != FORMAT_VERSION) {
      throw new CorruptionException(
          file, offset, "format version " + formatVersion + " is not one this program reads");
    }
    if (!footer.fits(fileBytes)) {
      throw new CorruptionException(file, offset, "footer does not fit the size " + fileBytes);
    }
    return footer;
  }

  private boolean fits(long fileBytes) {
    return topOffset >= 0
        && topLength >= 0
        && propertiesLength >= 0
        && topOffset + topLength + StoredBlock.TRAILER_BYTES == propertiesOffset
        && propertiesOffset + propertiesLength + StoredBlock.TRAILER_BYTES + BYTES == fileBytes;
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CHECKED_BYTES);
    return (int) crc.getValue();
  }
}
