package io.distkv.storage.journal;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The names of a journal's files, and the steps by which a file becomes a segment and stops being
 * one. Segments are called {@code 000000000001.journal} by their number; a file that waits to
 * become one {@code 000000000001.spare} by any number; one that is made in a hurry {@code
 * 000000000001.new}, by the number it will have. The name of an empty file {@code
 * 000000000001.first} tells the oldest segment that the log still has.
 *
 * <p>A spare becomes a segment by: header written, file synced, renamed, directory synced. So a
 * file with a segment's name has that segment's header. A segment becomes a spare by: renamed,
 * directory synced, and only then may its header be overwritten. Segments are given up oldest
 * first, each made durable before the next, so that what is left has no gap; and before one goes,
 * the name says that the log begins after it, so that a segment that was lost is missed.
 */
final class SegmentFiles {
  static final String SEGMENT_SUFFIX = ".journal";
  static final String SPARE_SUFFIX = ".spare";
  static final String NEW_SUFFIX = ".new";
  static final String FIRST_SUFFIX = ".first";
  private static final int ZERO_BYTES = 256 * 1024;

  private final Disk disk;
  private final String directory;

  SegmentFiles(Disk disk, String directory) {
    this.disk = disk;
    this.directory = directory;
  }

  Disk disk() {
    return disk;
  }

  String segmentPath(long number) {
    return path(number, SEGMENT_SUFFIX);
  }

  String path(long number, String suffix) {
    return directory + "/" + String.format(Locale.ROOT, "%012d", number) + suffix;
  }

  /** Numbers of the files with this suffix, rising; files of other names are left out. */
  List<Long> numbers(String suffix) throws IOException {
    List<Long> numbers = new ArrayList<>();
    for (String name : disk.list(directory)) {
      String digits =
          name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : "";
      if (digits.length() == 12 && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
        numbers.add(Long.parseLong(digits));
      }
    }
    return numbers;
  }

  /** The oldest segment that the log still has; 0 if nothing says which. */
  long first() throws IOException {
    List<Long> named = numbers(FIRST_SUFFIX);
    return named.isEmpty() ? 0 : named.getLast();
  }

  /** Says durably that the log begins with this segment, in a journal that does not say yet. */
  void beginWith(long number) throws IOException {
    disk.create(path(number, FIRST_SUFFIX)).close();
    disk.syncDirectory(directory);
  }

  /** Says durably that the log begins after this segment, which was its first. */
  private void beginAfter(long number) throws IOException {
    String first = path(number, FIRST_SUFFIX);
    if (disk.exists(first)) { // or else an attempt that the disk was too full for got this far
      disk.rename(first, path(number + 1, FIRST_SUFFIX));
      disk.syncDirectory(directory);
    }
  }

  long sizeOf(long number) throws IOException {
    try (DiskFile file = disk.openReadOnly(segmentPath(number))) {
      return file.size();
    }
  }

  void createDirectory() throws IOException {
    disk.createDirectories(directory);
  }

  /** Writes zeros over a range of a file, and makes them durable. */
  static void zeroFill(DiskFile file, long from, long to) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(ZERO_BYTES, to - from));
    for (long at = from; at < to; at += zeros.capacity()) {
      file.write(zeros.clear().limit((int) Math.min(zeros.capacity(), to - at)), at);
    }
    file.sync();
  }

  /** Makes a segment of an open spare. */
  void stamp(DiskFile file, String sparePath, SegmentHeader header) throws IOException {
    file.write(ByteBuffer.wrap(header.encode()), 0);
    file.sync();
    disk.rename(sparePath, segmentPath(header.number()));
    disk.syncDirectory(directory);
  }

  /**
   * Makes a segment at once.
   *
   * @param filledBytes how much of it to zero-fill, header included
   */
  DiskFile create(SegmentHeader header, long filledBytes) throws IOException {
    String newPath = path(header.number(), NEW_SUFFIX);
    // Left by an attempt that the disk was too full for.
    deleteIfThere(newPath);
    DiskFile file = disk.create(newPath);
    try {
      if (filledBytes > SegmentHeader.BLOCK_BYTES) {
        zeroFill(file, SegmentHeader.BLOCK_BYTES, filledBytes);
      }
      stamp(file, newPath, header);
      return file;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** Gives a segment up and keeps its file as a spare. */
  void retire(long number, String sparePath) throws IOException {
    beginAfter(number);
    disk.rename(segmentPath(number), sparePath);
    disk.syncDirectory(directory);
  }

  /** Gives a segment and its file up. */
  void delete(long number) throws IOException {
    beginAfter(number);
    disk.delete(segmentPath(number));
    disk.syncDirectory(directory);
  }

  void deleteIfThere(String path) throws IOException {
    if (disk.exists(path)) {
      disk.delete(path);
    }
  }
}
