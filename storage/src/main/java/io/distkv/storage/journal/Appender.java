package io.distkv.storage.journal;

/**
 * Puts records at the end of the log: encodes them into chunks, and goes on in the next segment
 * when one is full.
 *
 * <p>Used on the lane only.
 */
final class Appender {
  private final RecordFormat format = new RecordFormat();
  private final Retention retention;
  private final LogSegments segments;
  private final ChunkList chunks;
  private long lastMark;

  /**
   * @param endOffset where in the current segment the log ends
   * @param lastMark the position that the last mark in the log says is durable
   */
  Appender(Retention retention, LogSegments segments, long endOffset, long lastMark) {
    this.retention = retention;
    this.segments = segments;
    this.lastMark = lastMark;
    chunks = new ChunkList(segments.current(), endOffset);
  }

  ChunkList chunks() {
    return chunks;
  }

  /** The position after all that was appended. */
  long endPosition() {
    return chunks.endPosition();
  }

  /** Appends a record; see {@link Journal#append}. Returns its end. */
  long append(
      long replica,
      long incarnation,
      RecordKind kind,
      long term,
      long index,
      byte[] payload,
      int offset,
      int length) {
    reserve(RecordFormat.MOST_HEADER_BYTES + length);
    Chunk chunk = chunks.current();
    Segment segment = chunk.segment();
    format.putRecord(
        chunk.bytes(), segment, replica, incarnation, kind, term, index, payload, offset, length);
    long end = chunk.endPosition();
    retention.appended(segment, replica, incarnation, kind, index, end);
    return end;
  }

  /** Whether a mark of this position would say more than the last one in the log. */
  boolean isNews(long durablePosition) {
    return durablePosition > lastMark;
  }

  /** Appends a mark that everything before this position is durable, if that is news. */
  void mark(long durablePosition) {
    if (isNews(durablePosition)) {
      reserve(RecordFormat.MARK_BYTES);
      Chunk chunk = chunks.current();
      format.putMark(chunk.bytes(), chunk.segment(), durablePosition);
      lastMark = durablePosition;
    }
  }

  /** Makes sure that so many bytes can be put into the chunk, and a seal after them. */
  private void reserve(int bytes) {
    Segment segment = chunks.current().segment();
    long offset = chunks.endOffset();
    // A record that is too large for any segment gets a fresh one, which it makes grow.
    boolean fresh = offset == SegmentHeader.BLOCK_BYTES;
    if (offset + bytes + RecordFormat.SEAL_BYTES > segment.header().capacityBytes() && !fresh) {
      chunks.reserve(RecordFormat.SEAL_BYTES);
      format.putSeal(chunks.current().bytes(), segment);
      chunks.moveTo(segments.next(chunks.endOffset()), bytes);
    }
    chunks.reserve(bytes);
  }
}
