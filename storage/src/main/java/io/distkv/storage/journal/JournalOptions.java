package io.distkv.storage.journal;

/**
 * Sizes of a journal.
 *
 * @param segmentBytes of a full-grown segment file, 8 KiB to 1 GiB; a larger record gets a segment
 *     that grows to hold it
 * @param firstSegmentBytes of the first segment of a new journal, 8 KiB to {@code segmentBytes}:
 *     small, so that a new node is ready soon. Each next one is four times as large as the one
 *     before, up to {@code segmentBytes}
 * @param mostBufferedBytes appended but not yet written, over which {@link Journal#hasRoomFor} says
 *     no
 */
public record JournalOptions(int segmentBytes, int firstSegmentBytes, long mostBufferedBytes) {
  private static final int SMALLEST_SEGMENT_BYTES = 8 * 1024;
  private static final int LARGEST_SEGMENT_BYTES = 1 << 30;

  /** 32 MiB segments that begin with 1 MiB, and 64 MiB of buffer. */
  public static final JournalOptions DEFAULT =
      new JournalOptions(32 * 1024 * 1024, 1024 * 1024, 64L * 1024 * 1024);

  public JournalOptions {
    if (segmentBytes < SMALLEST_SEGMENT_BYTES || segmentBytes > LARGEST_SEGMENT_BYTES) {
      throw new IllegalArgumentException(
          "segmentBytes must be 8 KiB to 1 GiB, not " + segmentBytes);
    }
    if (firstSegmentBytes < SMALLEST_SEGMENT_BYTES || firstSegmentBytes > segmentBytes) {
      throw new IllegalArgumentException(
          "firstSegmentBytes must be 8 KiB to segmentBytes, not " + firstSegmentBytes);
    }
    if (mostBufferedBytes < 1) {
      throw new IllegalArgumentException("mostBufferedBytes must be at least 1");
    }
  }
}
