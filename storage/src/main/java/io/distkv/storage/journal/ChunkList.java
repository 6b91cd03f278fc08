package io.distkv.storage.journal;

import io.distkv.base.ByteWriter;
import java.util.ArrayDeque;

/**
 * What was appended and may not be written yet: the chunks from the oldest of those to the one
 * being filled, which is always there. Arrays of the usual size are used again; a chunk for an
 * outsized record has an array of its own, which goes as soon as it is written.
 *
 * <p>Used on the lane only.
 */
final class ChunkList {
  private static final int CHUNK_BYTES = 256 * 1024;
  private static final int MOST_SPARES = 8;

  private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
  private final ArrayDeque<ByteWriter> spares = new ArrayDeque<>();
  private Chunk current;
  private long bytes;

  ChunkList(Segment segment, long fileOffset) {
    current = add(segment, fileOffset, CHUNK_BYTES);
  }

  /** The chunk being filled. */
  Chunk current() {
    return current;
  }

  /** The position after all that was appended. */
  long endPosition() {
    return current.endPosition();
  }

  /** Where in its segment's file the next record goes. */
  long endOffset() {
    return Position.offset(current.endPosition());
  }

  /** Makes sure that so many bytes can be put into the current chunk, changing it if need be. */
  void reserve(int more) {
    if (!current.fits(more)) {
      replace(current.segment(), endOffset(), more);
    }
  }

  /** Goes on at the beginning of another segment, where a chunk takes so many bytes. */
  void moveTo(Segment segment, int more) {
    replace(segment, SegmentHeader.BLOCK_BYTES, more);
  }

  private void replace(Segment segment, long fileOffset, int more) {
    Chunk last = current;
    last.publish();
    current = add(segment, fileOffset, Math.max(CHUNK_BYTES, more + Chunk.SLACK_BYTES));
    last.append(current);
  }

  private Chunk add(Segment segment, long fileOffset, int capacityBytes) {
    ByteWriter spare = capacityBytes == CHUNK_BYTES ? spares.poll() : null;
    Chunk fresh =
        new Chunk(segment, fileOffset, spare == null ? new ByteWriter(capacityBytes) : spare);
    chunks.add(fresh);
    bytes += capacityBytes;
    return fresh;
  }

  /** Frees the memory of what is written. */
  void free(long writtenPosition) {
    boolean outsized = current.capacityBytes() > CHUNK_BYTES;
    if (outsized && current.endPosition() == writtenPosition) {
      replace(current.segment(), endOffset(), 0);
    }
    while (chunks.size() > 1 && chunks.getFirst().endPosition() <= writtenPosition) {
      Chunk written = chunks.removeFirst();
      bytes -= written.capacityBytes();
      if (written.capacityBytes() == CHUNK_BYTES && spares.size() < MOST_SPARES) {
        written.bytes().reset();
        spares.add(written.bytes());
      }
    }
  }

  /** Whether a record of such a size keeps the memory below {@code mostBytes}; one always fits. */
  boolean hasRoomFor(int recordBytes, long mostBytes) {
    return chunks.size() == 1 || bytes + recordBytes <= mostBytes;
  }
}
