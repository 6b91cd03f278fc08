package io.distkv.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.storage.CorruptionException;
import io.distkv.storage.Damage;
import io.distkv.storage.MemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flipped bits, cut files and missing files: found and named, and never read as data. */
class JournalDamageTest {
  private static final int HEADER_BYTES = 48;

  private List<LoggedRecord> appended = List.of();
  private JournalFiles files = new JournalFiles(new TreeMap<>());

  /** A journal of two segments with records and a prepared one, cleanly closed. */
  @BeforeEach
  void makeJournal() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    TestJournal journal = TestJournal.open(disk);
    for (int i = 1; i <= 40; i++) {
      journal.commitEntry(i % 3, (i + 2) / 3, ("value " + i + " ").repeat(15));
    }
    journal.close();
    appended = journal.appended;
    files = JournalFiles.of(disk);
  }

  /** Where the records of a file end: the closing mark of the last one is not counted. */
  private static int recordsEnd(byte[] content, boolean last) {
    SegmentImage image = new SegmentImage(content, content.length);
    int end = SegmentHeader.BLOCK_BYTES;
    int beforeLast = end;
    while (image.at(end)) {
      beforeLast = end;
      end = image.end();
    }
    return last ? beforeLast : end;
  }

  /** What must hold whatever was done to a file. Whether the damage was found. */
  private boolean check(String what, String path, byte[] content) throws IOException {
    MemoryDisk disk = files.with(path, content);
    JournalFiles.Found found = JournalFiles.scan(disk);
    for (Damage damage : found.damages) {
      assertThat(damage.file()).as(what).isEqualTo(path);
    }
    assertThat(appended).as(what).containsSubsequence(found.records);
    try {
      List<LoggedRecord> replayed = TestJournal.open(disk).replayed;
      assertThat(found.damages).as(what).isEmpty();
      assertThat(replayed).as(what).isEqualTo(found.records);
      assertThat(replayed).as(what).isEqualTo(appended);
      return false;
    } catch (CorruptionException e) {
      assertThat(found.damages).as(what).isNotEmpty();
      assertThat(e.damage().file()).as(what).isEqualTo(path);
      assertThat(e.damage().offset()).as(what).isEqualTo(found.damages.getFirst().offset());
      assertThat(e).as(what).hasMessageContaining("acknowledged writes");
      return true;
    }
  }

  @Test
  void aFlippedBitAnywhereIsFoundOrDoesNotMatter() throws IOException {
    Random random = new Random(5);
    for (int number = 1; number <= 3; number++) {
      String path = JournalFiles.segment(number);
      byte[] content = files.content(path);
      int end = recordsEnd(content, number == 2);
      for (int at = 0; at < content.length; at++) {
        boolean matters = at < HEADER_BYTES || (at >= SegmentHeader.BLOCK_BYTES && at < end);
        if (random.nextInt(matters ? number : 100) != 0) {
          continue;
        }
        byte[] flipped = content.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        String what = "bit of byte " + at + " of segment " + number;
        assertThat(check(what, path, flipped)).as(what).isEqualTo(matters);
      }
    }
  }

  @Test
  void aFileCutOffAnywhereIsFound() throws IOException {
    for (int number = 1; number <= 3; number++) {
      String path = JournalFiles.segment(number);
      byte[] content = files.content(path);
      for (int length = 0; length < content.length; length += length < 64 ? 1 : 41) {
        byte[] cut = Arrays.copyOf(content, length);
        String what = "segment " + number + " cut to " + length;
        assertThat(check(what, path, cut)).as(what).isTrue();
      }
    }
  }

  @Test
  void overwrittenRegionsAreFound() throws IOException {
    Random random = new Random(6);
    for (int round = 0; round < 300; round++) {
      String path = JournalFiles.segment(1 + random.nextInt(2));
      byte[] content = files.content(path);
      int end = recordsEnd(content, path.equals(JournalFiles.segment(2)));
      int from = SegmentHeader.BLOCK_BYTES + random.nextInt(end - SegmentHeader.BLOCK_BYTES);
      int to = Math.min(end, from + 1 + random.nextInt(1_000));
      for (int i = from; i < to; i++) {
        content[i] = (byte) (random.nextBoolean() ? 0 : random.nextInt());
      }
      content[from] = (byte) (files.content(path)[from] + 1);
      String what = "round " + round + ": bytes " + from + " to " + to + " of " + path;
      assertThat(check(what, path, content)).as(what).isTrue();
    }
  }

  @Test
  void theReplicaThatLostWritesIsNamed() throws IOException {
    String path = JournalFiles.segment(1);
    byte[] content = files.content(path);
    SegmentImage image = new SegmentImage(content, content.length);
    int at = SegmentHeader.BLOCK_BYTES;
    while (!image.at(at) || image.isMark() || image.replica() != 2) {
      at = image.end();
    }
    byte[] payloadFlipped = content.clone();
    payloadFlipped[image.payloadOffset()] ^= 1;
    assertThatThrownBy(() -> TestJournal.open(files.with(path, payloadFlipped)))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(path)
        .hasMessageContaining("byte " + at)
        .hasMessageEndingWith("acknowledged writes are lost of replica 2");
    byte[] wiped = content.clone();
    Arrays.fill(wiped, at, image.end(), (byte) 0);
    int next = SegmentHeader.BLOCK_BYTES + 3_000;
    Arrays.fill(wiped, next, next + 10, (byte) 0);
    JournalFiles.Found found = JournalFiles.scan(files.with(path, wiped));
    assertThat(found.damages).hasSize(2);
    assertThat(found.damages.getFirst().offset()).isEqualTo(at);
    assertThatThrownBy(() -> TestJournal.open(files.with(path, wiped)))
        .hasMessageContaining("(and 1 more places)");
  }

  @Test
  void aMissingOrForeignSegmentIsFound() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    files.contents().forEach(disk::replace);
    disk.delete(JournalFiles.segment(2));
    assertThatThrownBy(() -> TestJournal.open(disk))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(JournalFiles.segment(2) + " at byte 0: the file is missing");
    for (int number = 1; number <= 3; number++) {
      String path = JournalFiles.segment(number);
      byte[] foreign = files.content(path);
      foreign[12] ^= 1; // the journal's id
      mendHeader(foreign);
      assertThat(check("segment of another journal", path, foreign)).isTrue();
      byte[] misplaced = files.content(JournalFiles.segment(1 + number % 3));
      assertThat(check("another segment of the same journal", path, misplaced)).isTrue();
    }
  }

  /** Also where nothing is left, or nothing behind it, that could tell. */
  @Test
  void anyMissingSegmentButThePreparedOneIsFound() throws IOException {
    for (List<Integer> lost : List.of(List.of(1), List.of(2), List.of(1, 2), List.of(1, 2, 3))) {
      MemoryDisk disk = new MemoryDisk();
      files.contents().forEach(disk::replace);
      for (int number : lost) {
        disk.delete(JournalFiles.segment(number));
      }
      String first = JournalFiles.segment(lost.getFirst());
      assertThat(JournalFiles.scan(disk).damages.getFirst().file()).isEqualTo(first);
      assertThatThrownBy(() -> TestJournal.open(disk))
          .isInstanceOf(CorruptionException.class)
          .hasMessageStartingWith(first);
    }
  }

  @Test
  void aJournalThatHasGivenSegmentsUpMustSayWhereItBegins() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    TestJournal journal = TestJournal.open(disk);
    for (int i = 1; i <= 60; i++) {
      journal.commitEntry(1, i, ("value " + i + " ").repeat(30));
    }
    journal.world.turn(() -> journal.journal.release(1, 50));
    journal.world.settle();
    journal.close();
    List<String> names = disk.list(TestJournal.DIRECTORY);
    String first = names.stream().filter(name -> name.endsWith(".first")).findAny().orElseThrow();
    assertThat(first).isNotEqualTo("000000000001.first");
    assertThat(TestJournal.open(copy(disk)).replayed).isNotEmpty();

    MemoryDisk unsaid = copy(disk);
    unsaid.delete(TestJournal.DIRECTORY + "/" + first);
    assertThatThrownBy(() -> TestJournal.open(unsaid))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(first);

    MemoryDisk shortened = copy(disk);
    String oldest = TestJournal.DIRECTORY + "/" + first.replace(".first", ".journal");
    shortened.delete(oldest);
    assertThatThrownBy(() -> TestJournal.open(shortened))
        .isInstanceOf(CorruptionException.class)
        .hasMessageStartingWith(oldest);
  }

  private static MemoryDisk copy(MemoryDisk disk) throws IOException {
    MemoryDisk copy = new MemoryDisk();
    JournalFiles.of(disk).contents().forEach(copy::replace);
    return copy;
  }

  private static void mendHeader(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content, 0, HEADER_BYTES - 4);
    ByteBuffer.wrap(content)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(HEADER_BYTES - 4, (int) crc.getValue());
  }

  @Test
  void aFormatOfTheFutureIsNamed() throws IOException {
    byte[] content = files.content(JournalFiles.segment(1));
    content[8] = 2;
    mendHeader(content);
    assertThatThrownBy(() -> TestJournal.open(files.with(JournalFiles.segment(1), content)))
        .hasMessageContaining("journal format 2 is not known here");
  }

  @Test
  void afterAQuietSecondTheLastRecordIsProtectedToo() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    TestJournal journal = TestJournal.open(disk);
    journal.commitEntry(1, 1, "only");
    journal.world.pass(2_000_000_000L);
    files = JournalFiles.of(disk);
    String path = JournalFiles.segment(1);
    byte[] content = files.content(path);
    content[SegmentHeader.BLOCK_BYTES + 20] ^= 1;
    assertThatThrownBy(() -> TestJournal.open(files.with(path, content)))
        .isInstanceOf(CorruptionException.class);
    assertThat(JournalFiles.scan(disk).events)
        .containsExactly("segment 1 of 8192", "record", "mark 1", "segment 2 of 16384", "end");
  }

  @Test
  void aScanTellsWhatAJournalHolds() throws IOException {
    MemoryDisk disk = files.with("journal-0/notes.txt", new byte[10]);
    JournalFiles.Found found = JournalFiles.scan(disk);
    assertThat(found.records).isEqualTo(appended);
    assertThat(found.damages).isEmpty();
    assertThat(found.events)
        .startsWith("segment 1 of 8192", "record", "mark 1", "record")
        .containsSubsequence("seal", "segment 2 of 16384", "mark 2", "segment 3 of 16384", "end");
    JournalFiles.Found one = new JournalFiles.Found();
    disk.replace("copy", files.content(JournalFiles.segment(2)));
    JournalScanner.scanSegment(disk, "copy", one);
    assertThat(one.damages).isEmpty();
    assertThat(appended).endsWith(one.records.toArray(LoggedRecord[]::new));
    JournalScanner.scanSegment(disk, "nowhere", one);
    assertThat(one.damages).hasSize(1);
    assertThat(one.damages.getFirst().what())
        .isEqualTo(
            "the file is missing; it cannot be told which replicas lost acknowledged writes");
  }
}
