package io.distkv.storage.journal;

import io.distkv.base.Disk;
import io.distkv.storage.Damage;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads journal files without changing them, for checking and printing. Whatever the bytes are, it
 * delivers the valid records and names the damage, and never throws because of them.
 *
 * <p>Blocks; may be used from any thread, on files that nobody is writing.
 */
public final class JournalScanner {

  /** Is told what the files hold. Places are bytes of the file. */
  public interface Visitor {

    /** A segment with a valid header begins. */
    default void segment(String path, long number, long capacityBytes) {}

    /**
     * A record of a replica.
     *
     * @param payload an array of which {@code length} bytes from {@code offset} on are the
     *     record's; valid, and unchanged, only until this method returns
     */
    void record(
        String path,
        long place,
        long replica,
        long incarnation,
        RecordKind kind,
        long term,
        long index,
        byte[] payload,
        int offset,
        int length);

    /** A mark: when it was written, all before this place of this segment was durable. */
    default void mark(String path, long place, long segmentNumber, long offset) {}

    /** The end of a full segment. */
    default void seal(String path, long place) {}

    /**
     * The end of the log.
     *
     * @param torn whether something follows that was written but never known to be durable, and
     *     that a start would drop: what a crash may leave, not damage
     */
    default void end(String path, long place, boolean torn) {}

    /** Bytes that were durable are not what was written. Told after all records. */
    void damage(Damage damage);
  }

  private JournalScanner() {}

  /**
   * Reads a whole journal.
   *
   * @param journalId which it should be
   * @throws IOException if the directory cannot be listed; a file that cannot be read is damage
   */
  public static void scan(Disk disk, String directory, long journalId, Visitor visitor)
      throws IOException {
    List<SegmentScan.Source> sources = SegmentScan.sources(new SegmentFiles(disk, directory));
    scan(disk, sources, journalId, visitor);
  }

  /** Reads one segment, whatever its name is. */
  public static void scanSegment(Disk disk, String path, Visitor visitor) {
    scan(disk, List.of(new SegmentScan.Source(path, 0)), null, visitor);
  }

  private static void scan(
      Disk disk, List<SegmentScan.Source> sources, @Nullable Long journalId, Visitor visitor) {
    SegmentScan scan = new SegmentScan(disk, sources, journalId, new Adapter(visitor));
    scan.run();
    SegmentScan.End end = scan.end();
    if (end != null && !end.sealed()) {
      visitor.end(end.path(), end.offset(), end.torn());
    }
    scan.damages().forEach(visitor::damage);
  }

  private record Adapter(Visitor visitor) implements SegmentScan.Sink {

    @Override
    public void segment(String path, SegmentImage image) {
      visitor.segment(path, image.header().number(), image.header().capacityBytes());
    }

    @Override
    public void record(String path, int offset, SegmentImage image) {
      if (image.isMark()) {
        long marked = image.markedPosition();
        visitor.mark(path, offset, Position.segmentNumber(marked), Position.offset(marked));
      } else if (image.isSeal()) {
        visitor.seal(path, offset);
      } else {
        visitor.record(
            path,
            offset,
            image.replica(),
            image.incarnation(),
            image.kind(),
            image.term(),
            image.index(),
            image.bytes(),
            image.payloadOffset(),
            image.payloadLength());
      }
    }

    @Override
    public void segmentDone(long sizeBytes) {}
  }
}
