package io.distkv.storage.journal;

import io.distkv.base.ByteWriter;
import java.util.zip.CRC32C;

/**
 * How records are laid out, see docs/formats.md:
 *
 * <pre>
 *   crc32c of all that follows, xor the segment's salt   4
 *   length of what follows this field                    4
 *   tag: low 32 bits of the segment number, xor the salt 4
 *   kind                                                 1
 *   ENTRY ... CHECKPOINT: replica, incarnation, term, index   varints, then the payload
 *   MARK: position known to be durable                   8
 *   SEAL: nothing; the log goes on in the next segment
 * </pre>
 *
 * <p>Fixed-width numbers would let the header be written a few nanoseconds faster and make a record
 * of a 100-byte value a quarter larger.
 *
 * <p>Not thread-safe: one instance belongs to one lane, or to one reader.
 */
final class RecordFormat {
  static final int LENGTH_OFFSET = 4;
  static final int TAG_OFFSET = 8;
  static final int KIND_OFFSET = 12;
  static final int FIELDS_OFFSET = 13;

  /** The smallest length: that of a tag and a kind. */
  static final int SMALLEST_LENGTH = FIELDS_OFFSET - TAG_OFFSET;

  /** Most bytes of a record before its payload: four varints of ten bytes. */
  static final int MOST_HEADER_BYTES = FIELDS_OFFSET + 4 * 10;

  static final int MARK_CODE = 5;
  static final int SEAL_CODE = 6;
  static final int MARK_BYTES = FIELDS_OFFSET + Long.BYTES;
  static final int SEAL_BYTES = FIELDS_OFFSET;

  private final CRC32C crc = new CRC32C();

  void putRecord(
      ByteWriter target,
      Segment segment,
      long replica,
      long incarnation,
      RecordKind kind,
      long term,
      long index,
      byte[] payload,
      int offset,
      int length) {
    int start = begin(target, segment, kind.code());
    target.putVarLong(replica).putVarLong(incarnation).putVarLong(term).putVarLong(index);
    target.putBytes(payload, offset, length);
    end(target, start, segment);
  }

  void putMark(ByteWriter target, Segment segment, long durablePosition) {
    int start = begin(target, segment, MARK_CODE);
    target.putLong(durablePosition);
    end(target, start, segment);
  }

  void putSeal(ByteWriter target, Segment segment) {
    end(target, begin(target, segment, SEAL_CODE), segment);
  }

  private static int begin(ByteWriter target, Segment segment, int kindCode) {
    int start = target.size();
    target.putLong(0).putInt(segment.header().tag()).putByte(kindCode);
    return start;
  }

  private void end(ByteWriter target, int start, Segment segment) {
    int end = target.size();
    target.setInt(start + LENGTH_OFFSET, end - start - TAG_OFFSET);
    target.setInt(start, checksum(target.array(), start, end, segment.header().salt()));
  }

  /** The checksum of the record from {@code start} up to, not including, {@code end}. */
  int checksum(byte[] bytes, int start, int end, int salt) {
    crc.reset();
    crc.update(bytes, start + LENGTH_OFFSET, end - start - LENGTH_OFFSET);
    return (int) crc.getValue() ^ salt;
  }
}
