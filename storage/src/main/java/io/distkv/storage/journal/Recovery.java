package io.distkv.storage.journal;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.Damage;
import io.distkv.storage.journal.Segment.Maker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens the files of a journal: replays them, mends the end, and finds what is ready for use.
 *
 * <p>Mending: what was read beyond the last mark may be in the operating system's memory only, or
 * not even that: where an earlier sync failed, it may show pages as clean that never reached the
 * disk. So that part is written again and synced before anybody acts on it. And what is dropped
 * behind the end is overwritten with zeros, or else records appended later could end just where an
 * old one begins, which would then be read as theirs.
 */
final class Recovery implements SegmentScan.Sink {
  private static final int COPY_BYTES = 256 * 1024;
  private static final int MOST_SPARES = 2;

  private final JournalEnvironment environment;
  private final JournalOptions options;
  private final RecordVisitor visitor;
  private final SegmentFiles files;
  private final Disk disk;
  private final Retention retention = new Retention();

  /** All segments found, also those ready for use that the log has not reached. */
  private final List<Segment> found = new ArrayList<>();

  private final ArrayDeque<Segment> segments = new ArrayDeque<>();
  private final List<Segment> ahead = new ArrayList<>();
  private final List<SegmentSupply.Spare> spares = new ArrayList<>();
  private long nextSpareNumber = 1;
  private long end;
  private long lastMark;
  private long doneBytes;
  private long totalBytes;

  /**
   * From here on nothing is replayed: the journal will be refused, and with it the right reason.
   */
  private boolean damaged;

  private Recovery(JournalEnvironment environment, JournalOptions options, RecordVisitor visitor) {
    this.environment = environment;
    this.options = options;
    this.visitor = visitor;
    disk = environment.disk();
    files = new SegmentFiles(disk, environment.directory());
  }

  static Recovery run(JournalEnvironment environment, JournalOptions options, RecordVisitor visitor)
      throws IOException {
    Recovery recovery = new Recovery(environment, options, visitor);
    recovery.files.createDirectory();
    // A process that was killed may have left names that are not durable. Segments that go on to be
    // written would vanish with theirs, and those given up next would leave a gap.
    recovery.disk.syncDirectory(environment.directory());
    recovery.sortSpares();
    List<SegmentScan.Source> sources = SegmentScan.sources(recovery.files);
    if (sources.isEmpty()) {
      recovery.begin();
    } else {
      recovery.replay(sources);
    }
    recovery.settleFirst();
    return recovery;
  }

  /** Completes what a crash cut short: saying where the log begins, and giving segments up. */
  private void settleFirst() throws IOException {
    long first = files.first();
    if (first == 0) {
      files.beginWith(segments.getFirst().number());
      return;
    }
    for (long number : files.numbers(SegmentFiles.SEGMENT_SUFFIX)) {
      if (number < first) {
        files.delete(number);
      }
    }
  }

  private void sortSpares() throws IOException {
    for (long number : files.numbers(SegmentFiles.NEW_SUFFIX)) {
      disk.delete(files.path(number, SegmentFiles.NEW_SUFFIX));
    }
    for (long number : files.numbers(SegmentFiles.SPARE_SUFFIX)) {
      String path = files.path(number, SegmentFiles.SPARE_SUFFIX);
      nextSpareNumber = number + 1;
      if (spares.size() < MOST_SPARES && sizeOf(path) == options.segmentBytes()) {
        spares.add(new SegmentSupply.Spare(path, options.segmentBytes()));
      } else {
        disk.delete(path);
      }
    }
  }

  private long sizeOf(String path) throws IOException {
    try (DiskFile file = disk.openReadOnly(path)) {
      return file.size();
    }
  }

  /** A new journal: one small segment. */
  private void begin() throws IOException {
    SegmentHeader header = header(1, options.firstSegmentBytes(), true);
    Segment first = new Segment(header, Maker.SUPPLY);
    first.ready(files.create(header, options.firstSegmentBytes()));
    segments.add(first);
    end = Position.of(1, SegmentHeader.BLOCK_BYTES);
    lastMark = end;
  }

  private SegmentHeader header(long number, long capacityBytes, boolean filled) {
    int salt = (int) environment.randomness().nextLong();
    return new SegmentHeader(environment.journalId(), number, capacityBytes, filled, salt);
  }

  private void replay(List<SegmentScan.Source> sources) throws IOException {
    for (SegmentScan.Source source : sources) {
      totalBytes += disk.exists(source.path()) ? sizeOf(source.path()) : 0;
    }
    SegmentScan scan = new SegmentScan(disk, sources, environment.journalId(), this);
    scan.run();
    List<Damage> damages = scan.damages();
    if (!damages.isEmpty()) {
      Damage first = damages.getFirst();
      String more = damages.size() == 1 ? "" : " (and " + (damages.size() - 1) + " more places)";
      throw new CorruptionException(first.file(), first.offset(), first.what() + more);
    }
    SegmentScan.End scanEnd = scan.end();
    if (scanEnd == null) {
      throw new IllegalStateException("no end found in " + sources);
    }
    lastMark = scan.highestMark();
    for (Segment segment : found) {
      (segment.number() <= scanEnd.number() ? segments : ahead).add(segment);
    }
    mend(scanEnd);
    if (scanEnd.sealed()) {
      goOnInNextSegment();
    }
  }

  /** Makes durable what was read, and wipes out what was dropped. */
  private void mend(SegmentScan.End scanEnd) throws IOException {
    Segment last = segments.getLast();
    long offset = scanEnd.offset();
    end = Position.of(last.number(), offset);
    if (offset == SegmentHeader.BLOCK_BYTES) {
      // The last thing that was written is the seal of the segment before.
      for (Segment segment : segments) {
        if (segment.number() == last.number() - 1) {
          try (DiskFile file = disk.open(files.segmentPath(segment.number()))) {
            rewrite(file, segment.number(), segment.endOffset());
          }
        }
      }
    }
    DiskFile file = disk.open(scanEnd.path());
    rewrite(file, last.number(), offset);
    if (scanEnd.remainsEnd() > offset) {
      SegmentFiles.zeroFill(file, offset, scanEnd.remainsEnd());
    }
    if (scanEnd.sealed()) {
      file.close();
    } else {
      last.ready(file);
    }
  }

  /** Writes again, and syncs, what a segment holds beyond the last mark. */
  private void rewrite(DiskFile file, long number, long to) throws IOException {
    boolean marked = Position.segmentNumber(lastMark) == number;
    long from = marked ? Position.offset(lastMark) : SegmentHeader.BLOCK_BYTES;
    ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
    for (long at = from; at < to; at += COPY_BYTES) {
      buffer.clear().limit((int) Math.min(COPY_BYTES, to - at));
      file.read(buffer, at);
      file.write(buffer.flip(), at);
    }
    file.sync();
  }

  private void goOnInNextSegment() {
    Segment next =
        ahead.isEmpty()
            ? new Segment(
                header(segments.getLast().number() + 1, options.segmentBytes(), false),
                Maker.WRITER)
            : ahead.removeFirst();
    segments.add(next);
    end = Position.of(next.number(), SegmentHeader.BLOCK_BYTES);
  }

  @Override
  public void segment(String path, SegmentImage image) {
    found.add(new Segment(image.header(), Maker.SUPPLY));
  }

  @Override
  public void record(String path, int offset, SegmentImage image) {
    Segment segment = found.getLast();
    if (image.isSeal()) {
      segment.endsAt(image.end());
    } else if (!image.isMark()) {
      RecordKind kind = image.kind();
      long replica = image.replica();
      long incarnation = image.incarnation();
      long index = image.index();
      if (damaged) {
        return;
      }
      retention.appended(segment, replica, incarnation, kind, index, 0);
      retention.durable(0);
      visitor.record(
          replica,
          incarnation,
          kind,
          image.term(),
          index,
          image.bytes(),
          image.payloadOffset(),
          image.payloadLength());
    }
  }

  @Override
  public void damaged() {
    damaged = true;
  }

  @Override
  public void segmentDone(long sizeBytes) {
    doneBytes += sizeBytes;
    visitor.progress(doneBytes, totalBytes);
  }

  SegmentFiles files() {
    return files;
  }

  Retention retention() {
    return retention;
  }

  /** The segments of the log, oldest first; appends go on in the last. */
  ArrayDeque<Segment> segments() {
    return segments;
  }

  /** Where the log ends; everything before is durable. */
  long end() {
    return end;
  }

  /** The highest position that a mark in the log says is durable. */
  long lastMark() {
    return lastMark;
  }

  /** Gives the supply what is there for use. */
  void fill(SegmentSupply supply) throws IOException {
    for (Segment segment : ahead) {
      segment.ready(disk.open(files.segmentPath(segment.number())));
    }
    supply.begin(ahead, spares, nextSpareNumber);
  }
}
