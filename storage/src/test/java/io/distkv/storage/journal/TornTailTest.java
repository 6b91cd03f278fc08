package io.distkv.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.storage.MemoryDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A crash loses any of the 512-byte sectors that were written since the last sync. What was durable
 * is there, what is there is a beginning of what was appended, and the journal goes on.
 */
class TornTailTest {
  private static final int SECTOR_BYTES = 512;

  /** A journal just before a crash: the file that is written, as synced and as written. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Crash(
      JournalFiles files,
      String path,
      byte[] synced,
      byte[] written,
      List<LoggedRecord> appended,
      int durable) {

    List<Integer> changedSectors() {
      List<Integer> sectors = new ArrayList<>();
      for (int at = 0; at < written.length; at += SECTOR_BYTES) {
        int end = Math.min(written.length, at + SECTOR_BYTES);
        if (!Arrays.equals(written, at, end, synced, at, end)) {
          sectors.add(at);
        }
      }
      return sectors;
    }

    MemoryDisk diskWithout(List<Integer> lostSectors) {
      byte[] content = written.clone();
      for (int at : lostSectors) {
        System.arraycopy(synced, at, content, at, Math.min(SECTOR_BYTES, content.length - at));
      }
      return files.with(path, content);
    }
  }

  private static Crash crash(long seed, boolean recycled, String payload) throws IOException {
    MemoryDisk disk = new MemoryDisk();
    TestJournal journal = TestJournal.open(disk, TestJournal.SMALL, seed);
    long index = 1;
    if (recycled) {
      // Enough rounds for segments to come back, and on until one is little used.
      while (Position.segmentNumber(journal.journal.endPosition()) < 8) {
        journal.commitEntry(1, index, payload);
        long last = index++;
        journal.world.turn(() -> journal.journal.release(1, last));
      }
    }
    int before = journal.appended.size();
    for (int i = 0; i < 3; i++) {
      journal.commitEntry(1, index++, payload);
    }
    String path = JournalFiles.segment((int) Position.segmentNumber(journal.journal.endPosition()));
    byte[] synced = disk.content(path);
    int durable = journal.durableCount() - before;
    for (int turn = 0; turn < 5; turn++) {
      for (int i = 0; i < 4; i++) {
        long at = index++;
        journal.world.turn(() -> journal.appendEntry(1, at, payload, Journal.NEVER_SYNC));
      }
      journal.world.settle();
    }
    List<LoggedRecord> appended = journal.appended.subList(before, journal.appended.size());
    JournalFiles files = JournalFiles.of(disk);
    return new Crash(files, path, synced, files.content(path), appended, durable);
  }

  private static void check(String what, Crash crash, List<Integer> lostSectors, boolean more)
      throws IOException {
    MemoryDisk disk = crash.diskWithout(lostSectors);
    TestJournal journal = TestJournal.open(disk);
    List<LoggedRecord> replayed =
        journal.replayed.stream().filter(crash.appended()::contains).toList();
    assertThat(crash.appended()).as(what).startsWith(replayed.toArray(LoggedRecord[]::new));
    assertThat(replayed.size()).as(what).isGreaterThanOrEqualTo(crash.durable());
    if (lostSectors.isEmpty()) {
      assertThat(replayed).as(what).isEqualTo(crash.appended());
    }
    if (!more) {
      return;
    }
    // Of the same size as those that were dropped, so that it ends where an old one begins.
    String payload = "n".repeat(crash.appended().getFirst().payload().length());
    List<LoggedRecord> expected = new ArrayList<>(journal.replayed);
    for (long index = 10_000; index < 10_002; index++) {
      journal.commitEntry(1, index, payload);
    }
    expected.addAll(journal.appended);
    assertThat(TestJournal.open(disk).replayed).as(what + ", gone on").isEqualTo(expected);
  }

  @Test
  void anySubsetOfSectorsMayBeLost() throws IOException {
    for (boolean recycled : new boolean[] {false, true}) {
      Crash crash = crash(3, recycled, "v".repeat(140));
      List<Integer> sectors = crash.changedSectors();
      assertThat(sectors).hasSizeBetween(6, 9);
      for (int subset = 0; subset < 1 << sectors.size(); subset++) {
        List<Integer> lost = new ArrayList<>();
        for (int i = 0; i < sectors.size(); i++) {
          if ((subset & 1 << i) != 0) {
            lost.add(sectors.get(i));
          }
        }
        check("recycled " + recycled + ", lost " + lost, crash, lost, true);
      }
    }
  }

  @Test
  void recordsOfAllSizesMayBeTorn() throws IOException {
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      Crash crash = crash(seed, random.nextBoolean(), "v".repeat(random.nextInt(180)));
      for (int round = 0; round < 20; round++) {
        List<Integer> lost = new ArrayList<>(crash.changedSectors());
        lost.removeIf(sector -> random.nextBoolean());
        check("seed " + seed + ", lost " + lost, crash, lost, round < 5);
      }
    }
  }

  @Test
  void aWriteCutShortAtAnyByteIsATornTail() throws IOException {
    Crash crash = crash(4, true, "v".repeat(50));
    for (int at = SegmentHeader.BLOCK_BYTES; at < crash.written().length; at++) {
      if (crash.written()[at] == crash.synced()[at]) {
        continue;
      }
      byte[] content = crash.written().clone();
      System.arraycopy(crash.synced(), at, content, at, content.length - at);
      TestJournal journal = TestJournal.open(crash.files().with(crash.path(), content));
      List<LoggedRecord> replayed =
          journal.replayed.stream().filter(crash.appended()::contains).toList();
      assertThat(crash.appended())
          .as("cut at %d", at)
          .startsWith(replayed.toArray(LoggedRecord[]::new));
      assertThat(replayed.size()).isGreaterThanOrEqualTo(crash.durable());
    }
  }

  @Test
  void aValueThatLooksLikeTheJournalIsNotTakenForIt() throws IOException {
    // A journal whose values are the bytes of another journal's records with the same numbers.
    MemoryDisk other = new MemoryDisk();
    TestJournal source = TestJournal.open(other, TestJournal.SMALL, 9);
    for (int i = 1; i < 10; i++) {
      source.commitEntry(1, i, "v".repeat(100));
    }
    byte[] bytes = other.content(JournalFiles.segment(1));
    String forged =
        new String(bytes, SegmentHeader.BLOCK_BYTES, 1_500, StandardCharsets.ISO_8859_1);
    MemoryDisk disk = new MemoryDisk();
    TestJournal journal = TestJournal.open(disk, TestJournal.SMALL, 10);
    journal.commitEntry(1, 1, "first");
    byte[] synced = disk.content(JournalFiles.segment(1));
    journal.world.turn(() -> journal.appendEntry(1, 2, forged, Journal.NEVER_SYNC));
    journal.world.settle();
    JournalFiles files = JournalFiles.of(disk);
    byte[] torn = files.content(JournalFiles.segment(1));
    System.arraycopy(synced, SegmentHeader.BLOCK_BYTES, torn, SegmentHeader.BLOCK_BYTES, 100);
    TestJournal again = TestJournal.open(files.with(JournalFiles.segment(1), torn));
    assertThat(again.replayed).isEqualTo(journal.appended.subList(0, 1));
  }

  @Test
  void aSealedSegmentAtTheEndIsGoneOnFrom() throws IOException {
    FaultyDisk disk = new FaultyDisk(new MemoryDisk());
    TestJournal journal = TestJournal.open(disk);
    // Nothing is prepared, and the disk too full for the next segment.
    disk.full = true;
    journal.world.turn(() -> {
      for (int i = 1; i <= 30; i++) {
        journal.appendEntry(1, i, "v".repeat(200), Journal.SYNC_AT_ONCE);
      }
    });
    journal.world.settle();
    int durable = journal.durableCount();
    assertThat(durable).isBetween(10, 29);
    TestJournal again = TestJournal.open(disk);
    assertThat(again.replayed).isEqualTo(journal.appended.subList(0, durable));
    disk.full = false;
    again.commitEntry(1, 50, "next");
    assertThat(again.durableCount()).isEqualTo(1);
    assertThat(TestJournal.open(disk).replayed).hasSize(durable + 1);
  }
}
