package io.distkv.storage.journal;

import io.distkv.base.ByteReader;
import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.base.MalformedBytesException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A segment file in memory, and the record that was last looked at in it. Trusts nothing: whatever
 * the bytes are, a place holds a record whose checksum, salted for this use of the file, holds, or
 * it holds none.
 */
final class SegmentImage {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** A file beyond this is no segment: one holds at most one record over its capacity. */
  private static final long LARGEST_FILE_BYTES = Integer.MAX_VALUE - 64;

  private final RecordFormat format = new RecordFormat();
  private final SegmentHeader header;
  private final byte[] bytes;
  private final int size;

  // The record found last.
  private int end;
  private int kindCode;
  private long replica;
  private long incarnation;
  private long term;
  private long index;
  private long markedPosition;
  private int payloadOffset;

  SegmentImage(byte[] bytes, int size) {
    this.header = SegmentHeader.decode(bytes, size);
    this.bytes = bytes;
    this.size = size;
  }

  /**
   * Reads a file.
   *
   * @param reuse an array to read into, if it is large enough
   * @throws MalformedBytesException if its header is not one
   */
  static SegmentImage read(Disk disk, String path, byte[] reuse) throws IOException {
    try (DiskFile file = disk.openReadOnly(path)) {
      long size = file.size();
      if (size > LARGEST_FILE_BYTES) {
        throw new MalformedBytesException("the file is too large for a segment: " + size);
      }
      byte[] bytes = reuse.length >= size ? reuse : new byte[(int) size];
      int read = file.read(ByteBuffer.wrap(bytes, 0, (int) size), 0);
      return new SegmentImage(bytes, read);
    }
  }

  SegmentHeader header() {
    return header;
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  /** Looks at a place; whether a record begins there, which the other methods then tell of. */
  boolean at(int offset) {
    if (!looksLikeRecord(offset)) {
      return false;
    }
    int recordEnd = offset + RecordFormat.TAG_OFFSET + length(offset);
    if (format.checksum(bytes, offset, recordEnd, header.salt()) != (int) INT.get(bytes, offset)) {
      return false;
    }
    end = recordEnd;
    return decodeFields(offset, recordEnd);
  }

  /** The first place from {@code from} on where a record begins; -1 if there is none. */
  int find(int from) {
    for (int offset = from; offset <= size - RecordFormat.FIELDS_OFFSET; offset++) {
      if (at(offset)) {
        return offset;
      }
    }
    return -1;
  }

  /** Whether bytes at a place were written as the start of a record of this use of the file. */
  boolean hasTag(int offset) {
    return offset <= size - RecordFormat.FIELDS_OFFSET
        && (int) INT.get(bytes, offset + RecordFormat.TAG_OFFSET) == header.tag();
  }

  /**
   * The replica that a damaged record seems to have been of; null if what is left of the record
   * does not say. A guess.
   */
  @Nullable Long guessReplica(int offset) {
    if (!hasTag(offset) || RecordKind.ofCode(bytes[offset + RecordFormat.KIND_OFFSET]) == null) {
      return null;
    }
    int from = offset + RecordFormat.FIELDS_OFFSET;
    try {
      return new ByteReader(bytes, from, size - from).getVarLong();
    } catch (MalformedBytesException e) {
      return null;
    }
  }

  private int length(int offset) {
    return (int) INT.get(bytes, offset + RecordFormat.LENGTH_OFFSET);
  }

  private boolean looksLikeRecord(int offset) {
    if (!hasTag(offset)) {
      return false;
    }
    int length = length(offset);
    return length >= RecordFormat.SMALLEST_LENGTH
        && length <= size - offset - RecordFormat.TAG_OFFSET;
  }

  private boolean decodeFields(int offset, int recordEnd) {
    int from = offset + RecordFormat.FIELDS_OFFSET;
    kindCode = bytes[offset + RecordFormat.KIND_OFFSET];
    ByteReader reader = new ByteReader(bytes, from, recordEnd - from);
    try {
      switch (kindCode) {
        case RecordFormat.MARK_CODE -> markedPosition = reader.getLong();
        case RecordFormat.SEAL_CODE -> {}
        default -> {
          replica = reader.getVarLong();
          incarnation = reader.getVarLong();
          term = reader.getVarLong();
          index = reader.getVarLong();
          payloadOffset = reader.position();
          return RecordKind.ofCode(kindCode) != null;
        }
      }
    } catch (MalformedBytesException e) {
      return false;
    }
    return reader.remaining() == 0;
  }

  /** Where the record ends. */
  int end() {
    return end;
  }

  boolean isMark() {
    return kindCode == RecordFormat.MARK_CODE;
  }

  boolean isSeal() {
    return kindCode == RecordFormat.SEAL_CODE;
  }

  long markedPosition() {
    return markedPosition;
  }

  /** The kind of a record that is neither mark nor seal. */
  RecordKind kind() {
    RecordKind kind = RecordKind.ofCode(kindCode);
    if (kind == null) {
      throw new IllegalStateException("kind " + kindCode + " is of no replica");
    }
    return kind;
  }

  long replica() {
    return replica;
  }

  long incarnation() {
    return incarnation;
  }

  long term() {
    return term;
  }

  long index() {
    return index;
  }

  int payloadOffset() {
    return payloadOffset;
  }

  int payloadLength() {
    return end - payloadOffset;
  }
}
