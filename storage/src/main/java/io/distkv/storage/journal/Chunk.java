package io.distkv.storage.journal;

import io.distkv.base.ByteWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A piece of the log on its way to the disk: encoded records that follow one another in one
 * segment. The lane writes at its end and publishes how far it has come; the sync worker writes
 * what is published to the file. Chunks form a linked list, which only the lane extends and only
 * the worker walks.
 *
 * <p>Invariants: {@code bytes} never outgrows its first array, so the worker may read the published
 * part while the lane writes behind it. Once {@code next} is set, {@code published} is final.
 */
final class Chunk {
  /** Room at the end that {@link ByteWriter} wants before it writes a varint. */
  static final int SLACK_BYTES = 10;

  private final Segment segment;
  private final long fileOffset;
  private final ByteWriter bytes;
  private final ByteBuffer view;
  private volatile int published;
  private volatile @Nullable Chunk next;

  /** Bytes of {@link #published} that are in the file; used by the sync worker only. */
  private int written;

  /**
   * @param fileOffset where in the segment's file the chunk begins
   * @param bytes empty
   */
  Chunk(Segment segment, long fileOffset, ByteWriter bytes) {
    this.segment = segment;
    this.fileOffset = fileOffset;
    this.bytes = bytes;
    this.view = ByteBuffer.wrap(bytes.array());
  }

  Segment segment() {
    return segment;
  }

  /** On the lane only. */
  ByteWriter bytes() {
    return bytes;
  }

  /** Bytes of memory that this chunk holds. */
  int capacityBytes() {
    return view.capacity();
  }

  /** Whether so many bytes more fit. */
  boolean fits(int more) {
    return bytes.size() + more + SLACK_BYTES <= view.capacity();
  }

  /** The position after all that was put into the chunk; on the lane only. */
  long endPosition() {
    return Position.of(segment.number(), fileOffset + bytes.size());
  }

  void publish() {
    published = bytes.size();
  }

  int published() {
    return published;
  }

  void append(Chunk chunk) {
    next = chunk;
  }

  @Nullable Chunk next() {
    return next;
  }

  int written() {
    return written;
  }

  /** The published bytes up to {@code end} that are not in the file yet; for the sync worker. */
  ByteBuffer unwritten(int end) {
    return view.limit(end).position(written);
  }

  /** Where in the file the unwritten bytes go. */
  long writeOffset() {
    return fileOffset + written;
  }

  /**
   * Records that the file has the bytes up to {@code end}.
   *
   * @return the position after them
   */
  long wrote(int end) {
    written = end;
    return Position.of(segment.number(), fileOffset + end);
  }
}
