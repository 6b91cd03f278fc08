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
 * <p>Record: crc32c of the rest of the record(4) payload length(4) durable mark(8) kind(1) payload.
 * The durable mark is the position up to which the file was known to be durable when the record was
 * written. A batch of edits is synced and then followed by a seal, an empty record that is not
 * synced itself: its mark covers the batch, so that damage to the newest edit is told from a torn
 * write.
 */
final class ManifestFormat {
  static final long MAGIC = 0x464E_414D_564B_5444L; // "DTKVMANF" as bytes in the file
  static final int VERSION = 1;
  static final int HEADER_BYTES = 32;
  static final int RECORD_HEADER_BYTES = 17;
  static final int EDIT = 1;
  static final int SEAL = 2;

  private static final int CRC_BYTES = 4;
  private static final int BODY_BEFORE_PAYLOAD = RECORD_HEADER_BYTES - CRC_BYTES;

  private ManifestFormat() {}

  /**
   * A record as it was found.
   *
   * @param position of its first byte in the file
   * @param end position after its last byte
   * @param durable its durable mark
   * @param kind {@link #EDIT} or {@link #SEAL}
   * @param payload for an edit, its bytes
   */
  record Found(long position, int end, long durable, int kind, ByteReader payload) {}

  static void putHeader(ByteWriter out, long fileBytes, long treeId) {
    int start = out.size();
    out.putLong(MAGIC).putInt(VERSION).putLong(fileBytes).putLong(treeId);
    out.putInt(crc(out.array(), start, HEADER_BYTES - CRC_BYTES));
  }

  static void putEdit(ByteWriter out, long durable, ManifestEdit edit) {
    int start = beginRecord(out, durable, EDIT);
    edit.write(out);
    endRecord(out, start);
  }

  static void putSeal(ByteWriter out, long durable) {
    endRecord(out, beginRecord(out, durable, SEAL));
  }

  private static int beginRecord(ByteWriter out, long durable, int kind) {
    int start = out.size();
    out.putInt(0).putInt(0).putLong(durable).putByte(kind);
    return start;
  }

  private static void endRecord(ByteWriter out, int start) {
    int length = out.size() - start - RECORD_HEADER_BYTES;
    out.setInt(start + CRC_BYTES, length);
    out.setInt(start, crc(out.array(), start + CRC_BYTES, BODY_BEFORE_PAYLOAD + length));
  }

  /** The record that begins at a position, or null if there is no whole and intact one. */
  static @Nullable Found find(byte[] file, int position) {
    if (file.length - position < RECORD_HEADER_BYTES) {
      return null;
    }
    ByteReader in = new ByteReader(file, position, file.length - position);
    int crc = in.getInt();
    int length = in.getInt();
    long durable = in.getLong();
    int kind = in.getByte();
    if (length < 0 || length > in.remaining() || (kind != EDIT && kind != SEAL)) {
      return null;
    }
    if (crc != crc(file, position + CRC_BYTES, BODY_BEFORE_PAYLOAD + length)) {
      return null;
    }
    int payload = position + RECORD_HEADER_BYTES;
    return new Found(
        position, payload + length, durable, kind, new ByteReader(file, payload, length));
  }

  static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
