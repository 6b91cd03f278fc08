package io.distkv.storage.manifest;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a manifest file. It has its full size from the start and is zero after its last
 * record, so that a file cut short cannot look whole.
 *
 * <p>Header: magic(8) format version(4) file size(8) tree id(8) crc32c of the 28 bytes before(4).
 *
 * <p>Record, from {@value #RECORDS_AT} on: crc32c of the rest of the record(4) payload length(4)
 * payload, which is an edit.
 *
 * <p>Seal, the same in the second and in the last sector: crc32c of the mark(4) mark(8). Before the
 * mark everything was durable when the seal was written; so it tells damage to the newest edits
 * from a torn write. There are two, each in a sector without records, since what takes a sector
 * with records away must not take the only witness with them. Seals are synced right after the
 * edits that they seal; without any, what was lost at the end passes for torn.
 */
final class ManifestFormat {
  static final long MAGIC = 0x464E_414D_564B_5444L; // "DTKVMANF" as bytes in the file
  static final int VERSION = 1;
  static final int HEADER_BYTES = 32;
  static final int RECORD_HEADER_BYTES = 8;

  private static final int SECTOR_BYTES = 512;
  private static final int FIRST_SEAL_AT = SECTOR_BYTES;
  static final int RECORDS_AT = 2 * SECTOR_BYTES;
  private static final int CRC_BYTES = 4;
  private static final int SEAL_BYTES = CRC_BYTES + Long.BYTES;

  private ManifestFormat() {}

  /**
   * A record as it was found.
   *
   * @param end position after its last byte
   * @param edit its payload
   */
  record Found(int end, ByteReader edit) {}

  static void putHeader(ByteWriter out, long fileBytes, long treeId) {
    int start = out.size();
    out.putLong(MAGIC).putInt(VERSION).putLong(fileBytes).putLong(treeId);
    out.putInt(crc(out.array(), start, HEADER_BYTES - CRC_BYTES));
  }

  static void putEdit(ByteWriter out, ManifestEdit edit) {
    int start = out.size();
    out.putInt(0).putInt(0);
    edit.write(out);
    out.setInt(start + CRC_BYTES, out.size() - start - RECORD_HEADER_BYTES);
    out.setInt(start, crc(out.array(), start + CRC_BYTES, out.size() - start - CRC_BYTES));
  }

  /** A seal with this mark. */
  static byte[] seal(long mark) {
    ByteWriter out = new ByteWriter(SEAL_BYTES);
    out.putInt(0).putLong(mark);
    out.setInt(0, crc(out.array(), CRC_BYTES, Long.BYTES));
    return out.toByteArray();
  }

  /** Where a file of this size has its seals. */
  static int[] sealPositions(int fileBytes) {
    return new int[] {FIRST_SEAL_AT, recordsEnd(fileBytes)};
  }

  /** Where the room for records ends in a file of this size. */
  static int recordsEnd(int fileBytes) {
    return fileBytes - SECTOR_BYTES;
  }

  /** Up to where the seals say that the file was durable; the begin of the records if none does. */
  static int durable(byte[] file) {
    int durable = RECORDS_AT;
    for (int position : sealPositions(file.length)) {
      ByteReader in = new ByteReader(file, position, SEAL_BYTES);
      if (in.getInt() == crc(file, position + CRC_BYTES, Long.BYTES)) {
        durable = Math.clamp(in.getLong(), durable, recordsEnd(file.length));
      }
    }
    return durable;
  }

  /** The record that begins at a position, or null if there is no whole and intact one. */
  static @Nullable Found find(byte[] file, int position) {
    int room = recordsEnd(file.length) - position - RECORD_HEADER_BYTES;
    if (room < 0) {
      return null;
    }
    ByteReader in = new ByteReader(file, position, RECORD_HEADER_BYTES);
    int crc = in.getInt();
    int length = in.getInt();
    if (length < 0 || length > room || crc != crc(file, position + CRC_BYTES, CRC_BYTES + length)) {
      return null;
    }
    int payload = position + RECORD_HEADER_BYTES;
    return new Found(payload + length, new ByteReader(file, payload, length));
  }

  static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
