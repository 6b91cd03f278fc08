package io.distkv.storage.journal;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;

/**
 * The segments of the log, oldest first; the last is the one that is appended to. They come from
 * the supply and go back to it, in order, when nobody needs anything in them.
 *
 * <p>Used on the lane only.
 */
final class LogSegments {
  private final ArrayDeque<Segment> segments;
  private final Retention retention;
  private final SegmentSupply supply;

  /** Bytes of all segments but the last. */
  private long sealedBytes;

  LogSegments(ArrayDeque<Segment> segments, Retention retention, SegmentSupply supply) {
    this.segments = segments;
    this.retention = retention;
    this.supply = supply;
    for (Segment segment : segments) {
      sealedBytes += segment.endOffset();
    }
  }

  Segment current() {
    return segments.getLast();
  }

  /** The log leaves the current segment, filled up to this offset; returns the next. */
  Segment next(long endOffset) {
    current().endsAt(endOffset);
    sealedBytes += endOffset;
    Segment next = supply.take();
    segments.add(next);
    return next;
  }

  /**
   * Gives up the oldest segments that nobody needs. When the log goes on behind a full segment,
   * that one stays until the next is a file: a log that begins with a segment that is not there
   * would look like one that lost it.
   *
   * @param writtenPosition up to where the log is written: the writer is done with the segments
   *     before this position's
   */
  void giveUp(long writtenPosition) {
    long writtenNumber = Position.segmentNumber(writtenPosition);
    for (Segment oldest = segments.getFirst();
        oldest.number() < writtenNumber && !oldest.isPinned();
        oldest = segments.getFirst()) {
      if (oldest.number() + 1 == writtenNumber && second().file() == null) {
        return;
      }
      segments.removeFirst();
      sealedBytes -= oldest.endOffset();
      supply.giveUp(oldest);
    }
  }

  private Segment second() {
    Iterator<Segment> all = segments.iterator();
    all.next();
    return all.next();
  }

  /** Bytes in all segments but the last. */
  long sealedBytes() {
    return sealedBytes;
  }

  /** The number of the oldest segment. */
  long oldest() {
    return segments.getFirst().number();
  }

  /** The replicas that need something in the oldest segment, rising. */
  List<Long> pinningOldest() {
    return retention.pinning(segments.getFirst());
  }

  /** Bytes that can be appended at this offset of the current segment, and to those ready. */
  long spaceLeftBytes(long endOffset) {
    Segment current = current();
    long left = current.file() == null ? 0 : current.header().capacityBytes() - endOffset;
    return Math.max(0, left) + supply.readyBytes();
  }
}
