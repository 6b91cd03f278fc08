package io.distkv.storage.journal;

import io.distkv.base.DiskFile;
import org.jspecify.annotations.Nullable;

/**
 * One segment of the log, as the lane knows it. The file is there once the segment is ready to be
 * written; whoever made it ready publishes it through the volatile field, and the sync worker
 * closes it when the log has gone on to the next segment.
 */
final class Segment {
  /** Who makes the segment's file. */
  enum Maker {
    /** The supply has made it, or is about to. */
    SUPPLY,
    /** None was ready: the sync worker makes one, not zero-filled, when it comes to it. */
    WRITER
  }

  private final SegmentHeader header;
  private final Maker maker;
  private volatile @Nullable DiskFile file;

  // Used on the lane only.
  private int pins;
  private long endOffset;

  Segment(SegmentHeader header, Maker maker) {
    this.header = header;
    this.maker = maker;
  }

  SegmentHeader header() {
    return header;
  }

  long number() {
    return header.number();
  }

  Maker maker() {
    return maker;
  }

  @Nullable DiskFile file() {
    return file;
  }

  void ready(DiskFile openFile) {
    file = openFile;
  }

  /** How far the file is filled with records; known once the log has left the segment. */
  long endOffset() {
    return endOffset;
  }

  void endsAt(long offset) {
    endOffset = offset;
  }

  /** One more need of a replica for something in this segment. */
  void pin() {
    pins++;
  }

  void unpin() {
    pins--;
  }

  boolean isPinned() {
    return pins > 0;
  }
}
