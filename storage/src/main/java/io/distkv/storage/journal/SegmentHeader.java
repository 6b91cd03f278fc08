package io.distkv.storage.journal;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import java.util.zip.CRC32C;

/**
 * The first {@value #BLOCK_BYTES} bytes of a segment, durable before the file gets its name as a
 * segment and unchanged until it loses that name: a bad header is corruption, never a torn write.
 *
 * @param journalId drawn when the journal was created; equal in all its segments
 * @param number of the segment, from 1, without gaps
 * @param capacityBytes at which the segment is full; the file is larger when one record was larger
 *     than a segment
 * @param filled whether the file had all these bytes, durably, before it became a segment; then a
 *     shorter file was cut off
 * @param salt drawn for this use of the file and mixed into every record in it. Without it a client
 *     could store a value that looks like records, and have a torn tail taken for corruption
 */
record SegmentHeader(long journalId, long number, long capacityBytes, boolean filled, int salt) {
  static final int BLOCK_BYTES = 4096;

  private static final long MAGIC = 0x314C_4E52_4A56_4B44L; // "DKVJRNL1" in little-endian order
  private static final int VERSION = 1;
  private static final int CRC_OFFSET = 44;
  private static final int BYTES = CRC_OFFSET + Integer.BYTES;

  /** What every record of this use of the file has in it. */
  int tag() {
    return (int) number ^ salt;
  }

  /** The block to be written: the header, then zeros. */
  byte[] encode() {
    ByteWriter writer = new ByteWriter(BLOCK_BYTES);
    writer.putLong(MAGIC).putInt(VERSION).putLong(journalId).putLong(number);
    writer.putLong(capacityBytes).putInt(filled ? 1 : 0).putInt(salt);
    CRC32C crc = new CRC32C();
    crc.update(writer.array(), 0, writer.size());
    writer.putInt((int) crc.getValue());
    byte[] block = new byte[BLOCK_BYTES];
    System.arraycopy(writer.array(), 0, block, 0, writer.size());
    return block;
  }

  /**
   * Reads a header from the beginning of a file.
   *
   * @param length bytes of the array that are the file's
   * @throws MalformedBytesException if they are not a header; its message says in words why
   */
  static SegmentHeader decode(byte[] file, int length) {
    if (length < BLOCK_BYTES) {
      throw new MalformedBytesException(
          "the file ends inside its header, after " + length + " bytes");
    }
    ByteReader reader = new ByteReader(file, 0, BYTES);
    if (reader.getLong() != MAGIC) {
      throw new MalformedBytesException("the file does not begin as a journal segment");
    }
    CRC32C crc = new CRC32C();
    crc.update(file, 0, CRC_OFFSET);
    if ((int) crc.getValue() != new ByteReader(file, CRC_OFFSET, Integer.BYTES).getInt()) {
      throw new MalformedBytesException("the segment header fails its checksum");
    }
    int version = reader.getInt();
    if (version != VERSION) {
      throw new MalformedBytesException("journal format " + version + " is not known here");
    }
    long journalId = reader.getLong();
    long number = reader.getLong();
    long capacityBytes = reader.getLong();
    boolean filled = reader.getInt() != 0;
    return new SegmentHeader(journalId, number, capacityBytes, filled, reader.getInt());
  }
}
