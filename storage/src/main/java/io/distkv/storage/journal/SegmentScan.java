package io.distkv.storage.journal;

import io.distkv.base.Disk;
import io.distkv.base.MalformedBytesException;
import io.distkv.storage.Damage;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads segments one after the other and decides what a place without a valid record means.
 *
 * <p>Un-synced writes may reach the disk in any order, so after a crash any part of what was
 * written since the last sync may be missing, also before parts that are there. What was durable is
 * known from two witnesses: a mark says that everything before its position was; and a valid record
 * in a later segment says that this segment was, whole, since the writer syncs a segment before it
 * begins the next. A bad place is
 *
 * <ul>
 *   <li><b>damage</b>, if a witness anywhere after it says that it was durable: acknowledged data
 *       is lost. The scan names the place and, as far as it can be known, the replica, and goes on
 *       at the next valid record;
 *   <li><b>the end of the log</b> otherwise: nobody was told that what stood there, or after it, is
 *       durable. It is dropped with all after it.
 * </ul>
 *
 * <p>The witnesses after a bad place are searched when the first is met, not before: an intact
 * journal is read once, and only the rest of its last segment and the prepared one are searched.
 *
 * <p>Segments of a damaged header are unreadable whole, because the salt of their checksums is
 * lost.
 */
final class SegmentScan {

  /** Is told what is found. Places are offsets in the file. */
  interface Sink {
    void segment(String path, SegmentImage image);

    /** A mark, a seal, or a record of a replica; the image tells which and what. */
    void record(String path, int offset, SegmentImage image);

    /** Something is damaged; told at each finding, before the records behind it. */
    default void damaged() {}

    /** The segment, or the unreadable file in its place, is done with. */
    void segmentDone(long sizeBytes);
  }

  /**
   * Where the log ends.
   *
   * @param number of the segment
   * @param offset of the end; records may be appended there if the segment is not sealed
   * @param sealed whether the log goes on in the next segment
   * @param remainsEnd up to where in the segment valid records were found that are dropped; {@code
   *     offset} if there are none
   * @param torn whether something un-synced was lost
   */
  record End(
      String path, long number, long offset, boolean sealed, long remainsEnd, boolean torn) {}

  /**
   * A file to read.
   *
   * @param number of the segment that it should be; 0 if it may be any
   */
  record Source(String path, long number) {}

  /**
   * What a journal should have, in the order of the segments' numbers, be it there or not: the
   * segments, and before them what says with which the log begins, if that is missing.
   */
  static List<Source> sources(SegmentFiles files) throws IOException {
    List<Long> numbers = files.numbers(SegmentFiles.SEGMENT_SUFFIX);
    long first = files.first();
    List<Source> sources = new ArrayList<>();
    if (first == 0 && !numbers.isEmpty()) {
      first = numbers.getFirst();
      if (first > 1) { // segment 1 alone may be what a crash left when the journal began
        sources.add(new Source(files.path(first, SegmentFiles.FIRST_SUFFIX), first));
      }
    }
    long last = numbers.isEmpty() ? first : Math.max(first, numbers.getLast());
    for (long number = Math.max(1, first); number <= last; number++) {
      sources.add(new Source(files.segmentPath(number), number));
    }
    return sources;
  }

  /**
   * A finding whose replicas are still being worked out.
   *
   * @param guess the replica that the damaged bytes name; believed if the journal knows it
   * @param replicas that miss indexes behind the place
   */
  private record Finding(
      String path, long offset, String what, @Nullable Long guess, TreeSet<Long> replicas) {

    Damage toDamage(Map<Long, Long> known) {
      TreeSet<Long> lost = new TreeSet<>(replicas);
      if (guess != null && known.containsKey(guess)) {
        lost.add(guess);
      }
      String names = String.join(", ", lost.stream().map(String::valueOf).toList());
      String who =
          lost.isEmpty()
              ? "; it cannot be told which replicas lost acknowledged writes"
              : "; acknowledged writes are lost of replica " + names;
      return new Damage(path, offset, what + who);
    }
  }

  private final Disk disk;
  private final List<Source> sources;
  private final Sink sink;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<Long, Long> lastIndexes = new TreeMap<>();
  private byte[] buffer = new byte[0];
  private @Nullable Witnesses witnesses;
  private @Nullable End end;
  private @Nullable Long journalId;
  private long highestMark;

  /** What is known to have been durable, from the records after the first bad place. */
  private record Witnesses(long highestMark, long lastNumberWithRecords) {
    boolean sayDurable(long number, int offset) {
      return Position.of(number, offset) < highestMark || number < lastNumberWithRecords;
    }
  }

  /**
   * @param sources in the order of their numbers
   * @param journalId which journal it should be; null for that of the first segment
   */
  SegmentScan(Disk disk, List<Source> sources, @Nullable Long journalId, Sink sink) {
    this.disk = disk;
    this.sources = sources;
    this.journalId = journalId;
    this.sink = sink;
  }

  /** Reads everything. */
  void run() {
    for (int i = 0; i < sources.size(); i++) {
      String path = sources.get(i).path();
      SegmentImage image = read(path, true);
      if (image != null && isOfLog(sources.get(i), image.header(), image.size())) {
        sink.segment(path, image);
        if (!endedBefore(image.header().number())) {
          scan(i, path, image);
        }
      }
      sink.segmentDone(image == null ? 0 : image.size());
    }
  }

  private boolean endedBefore(long number) {
    return end != null && !end.sealed() && end.number() < number;
  }

  private @Nullable SegmentImage read(String path, boolean tell) {
    try {
      SegmentImage image = SegmentImage.read(disk, path, buffer);
      buffer = image.bytes();
      return image;
    } catch (MalformedBytesException e) {
      if (tell) {
        find(path, 0, String.valueOf(e.getMessage()));
      }
    } catch (NoSuchFileException e) {
      if (tell) {
        find(path, 0, "the file is missing");
      }
    } catch (IOException e) {
      if (tell) {
        find(path, 0, "the file cannot be read: " + e.getMessage());
      }
    }
    return null;
  }

  private void find(String path, long offset, String what) {
    findings.add(new Finding(path, offset, what, null, new TreeSet<>()));
    sink.damaged();
  }

  /** Whether a segment is the one that should be here; if not, its records are of no use. */
  private boolean isOfLog(Source source, SegmentHeader header, int size) {
    String misplaced = misplaced(source, header);
    if (misplaced != null) {
      find(source.path, 0, misplaced);
      return false;
    }
    if (header.filled() && size < header.capacityBytes()) {
      find(source.path, size, "the file is cut off: it had " + header.capacityBytes() + " bytes");
    }
    journalId = header.journalId();
    return true;
  }

  private @Nullable String misplaced(Source source, SegmentHeader header) {
    if (journalId != null && header.journalId() != journalId) {
      return "the segment belongs to another journal";
    }
    return source.number == 0 || source.number == header.number()
        ? null
        : "this is segment %d by its header".formatted(header.number());
  }

  private void scan(int pathIndex, String path, SegmentImage image) {
    long number = image.header().number();
    int offset = SegmentHeader.BLOCK_BYTES;
    while (true) {
      if (image.at(offset)) {
        deliver(path, offset, image);
        offset = image.end();
        if (image.isSeal()) {
          end = new End(path, number, offset, true, offset, false);
          return;
        }
        continue;
      }
      if (!witnesses(pathIndex, image, offset).sayDurable(number, offset)) {
        end = endAt(path, image, offset);
        return;
      }
      String what = "a record that was durable is damaged";
      findings.add(new Finding(path, offset, what, image.guessReplica(offset), new TreeSet<>()));
      sink.damaged();
      int next = image.find(offset + 1);
      if (next < 0) {
        return;
      }
      offset = next;
    }
  }

  private void deliver(String path, int offset, SegmentImage image) {
    if (image.isMark()) {
      highestMark = Math.max(highestMark, image.markedPosition());
    } else if (!image.isSeal() && image.kind() == RecordKind.ENTRY) {
      Long last = lastIndexes.put(image.replica(), image.index());
      if (last != null && image.index() > last + 1 && !findings.isEmpty()) {
        findings.getLast().replicas().add(image.replica());
      }
    }
    sink.record(path, offset, image);
  }

  private static End endAt(String path, SegmentImage image, int offset) {
    int remainsEnd = offset;
    for (int next = image.find(offset); next >= 0; next = image.find(next + 1)) {
      remainsEnd = Math.max(remainsEnd, image.end());
    }
    boolean torn = remainsEnd > offset || image.hasTag(offset);
    return new End(path, image.header().number(), offset, false, remainsEnd, torn);
  }

  /** Searches everything after a bad place, once. */
  private Witnesses witnesses(int pathIndex, SegmentImage image, int offset) {
    Witnesses known = witnesses;
    if (known != null) {
      return known;
    }
    long mark = 0;
    long lastNumber = 0;
    for (int next = image.find(offset + 1); next >= 0; next = image.find(next + 1)) {
      mark = Math.max(mark, image.isMark() ? image.markedPosition() : 0);
    }
    byte[] current = buffer;
    buffer = new byte[0];
    for (Source source : sources.subList(pathIndex + 1, sources.size())) {
      SegmentImage later = read(source.path, false);
      boolean bearsWitness = later != null && misplaced(source, later.header()) == null;
      int first = later != null && bearsWitness ? later.find(SegmentHeader.BLOCK_BYTES) : -1;
      for (int next = first; later != null && next >= 0; next = later.find(next + 1)) {
        lastNumber = later.header().number();
        mark = Math.max(mark, later.isMark() ? later.markedPosition() : 0);
      }
    }
    buffer = current;
    witnesses = new Witnesses(mark, lastNumber);
    return witnesses;
  }

  /** What is damaged, in the order of the files; empty if the journal is whole. */
  List<Damage> damages() {
    return findings.stream().map(finding -> finding.toDamage(lastIndexes)).toList();
  }

  /** Where the log ends; null if there is no readable segment. */
  @Nullable End end() {
    return end;
  }

  /** The highest position that a mark before the end says is durable; 0 if there is none. */
  long highestMark() {
    return highestMark;
  }
}
