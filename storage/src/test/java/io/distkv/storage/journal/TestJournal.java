package io.distkv.storage.journal;

import io.distkv.base.Disk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A journal in a {@link TestWorld}, with all it was given and all it told. */
final class TestJournal implements JournalListener {
  static final String DIRECTORY = "journal-0";

  /** Segments as small as they may be. */
  static final JournalOptions SMALL = new JournalOptions(16 * 1024, 8 * 1024, 1024 * 1024);

  final TestWorld world;
  final List<LoggedRecord> replayed = new ArrayList<>();
  final List<LoggedRecord> appended = new ArrayList<>();
  final List<Long> ends = new ArrayList<>();
  final List<IOException> failures = new ArrayList<>();
  final List<Boolean> diskFull = new ArrayList<>();
  final Journal journal;
  long written;
  long durable;

  private TestJournal(TestWorld world, Disk disk, JournalOptions options) throws IOException {
    this.world = world;
    journal =
        Journal.open(
            world.environment(disk, DIRECTORY),
            options,
            (replica, incarnation, kind, term, index, payload, offset, length) ->
                replayed.add(
                    LoggedRecord.of(
                        replica, incarnation, kind, term, index, payload, offset, length)),
            this);
    written = journal.endPosition();
    durable = journal.durablePosition();
  }

  static TestJournal open(Disk disk, JournalOptions options, long seed) throws IOException {
    return new TestJournal(new TestWorld(seed), disk, options);
  }

  static TestJournal open(Disk disk) throws IOException {
    return open(disk, SMALL, 1);
  }

  @Override
  public void advanced(long writtenPosition, long durablePosition) {
    if (writtenPosition < written
        || durablePosition < durable
        || durablePosition > writtenPosition) {
      throw new IllegalStateException("positions went back or crossed");
    }
    written = writtenPosition;
    durable = durablePosition;
  }

  @Override
  public void failed(IOException cause) {
    failures.add(cause);
  }

  @Override
  public void diskFull(boolean full) {
    diskFull.add(full);
  }

  /** Appends in the current turn of the lane. */
  long append(LoggedRecord record, long syncWithinNanos) {
    byte[] payload = record.payloadBytes();
    long end =
        journal.append(
            record.replica(),
            record.incarnation(),
            record.kind(),
            record.term(),
            record.index(),
            payload,
            0,
            payload.length,
            syncWithinNanos);
    appended.add(record);
    ends.add(end);
    return end;
  }

  long appendEntry(long replica, long index, String payload, long syncWithinNanos) {
    return append(
        new LoggedRecord(replica, 1, RecordKind.ENTRY, 1, index, payload), syncWithinNanos);
  }

  /** A turn with one synced entry, and all that follows from it. */
  void commitEntry(long replica, long index, String payload) {
    world.turn(() -> appendEntry(replica, index, payload, Journal.SYNC_AT_ONCE));
    world.settle();
  }

  /** How many of the appended records are known to be durable. */
  int durableCount() {
    int count = 0;
    for (long end : ends) {
      count += end <= durable ? 1 : 0;
    }
    return count;
  }

  void close() {
    boolean[] closed = {false};
    world.turn(() -> journal.close(() -> closed[0] = true));
    world.settle();
    if (!closed[0]) {
      throw new IllegalStateException("the journal did not close");
    }
  }
}
