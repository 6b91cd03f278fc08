package io.distkv.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.Disk;
import io.distkv.platform.RealDisk;
import io.distkv.storage.MemoryDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final List<RecordKind> KINDS = List.of(RecordKind.values());
  private static final long MILLIS = 1_000_000;

  @TempDir private Path folder;
  private final FaultyDisk disk = new FaultyDisk(new MemoryDisk());

  private static String text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(256));
    }
    return text.toString();
  }

  @Test
  void aNewJournalIsEmptyAndSmall() throws IOException {
    Disk realDisk = new RealDisk(folder);
    TestJournal journal = TestJournal.open(realDisk);
    assertThat(journal.replayed).isEmpty();
    assertThat(realDisk.list(TestJournal.DIRECTORY))
        .containsExactly("000000000001.first", "000000000001.journal");
    assertThat(journal.journal.endPosition()).isEqualTo(journal.durable);
    assertThat(journal.journal.replicas()).isEmpty();
    journal.close();
    assertThat(TestJournal.open(realDisk).replayed).isEmpty();
  }

  @Test
  void whatWasAppendedComesBackInOrder() throws IOException {
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      Disk own = seed < 3 ? new RealDisk(folder.resolve(String.valueOf(seed))) : new MemoryDisk();
      TestJournal journal = TestJournal.open(own, TestJournal.SMALL, seed);
      // Releases nothing, so all is kept.
      journal.commitEntry(99, 1, "first");
      appendTurns(journal, random, 100);
      TestJournal again = TestJournal.open(own, TestJournal.SMALL, seed);
      assertThat(again.replayed).as("seed %d", seed).isEqualTo(journal.appended);
      appendTurns(again, random, 20);
      TestJournal last = TestJournal.open(own, TestJournal.SMALL, seed);
      journal.appended.addAll(again.appended);
      assertThat(last.replayed).as("seed %d, opened again", seed).isEqualTo(journal.appended);
    }
  }

  private static void appendTurns(TestJournal journal, Random random, int turns) {
    for (int i = 0; i < turns; i++) {
      int records = 1 + random.nextInt(3);
      journal.world.turn(() -> appendSome(journal, random, records));
      for (int steps = random.nextInt(4); steps > 0; steps--) {
        journal.world.step();
      }
    }
    journal.close();
    assertThat(journal.durableCount()).isEqualTo(journal.appended.size());
    assertThat(journal.failures).isEmpty();
  }

  private static void appendSome(TestJournal journal, Random random, int records) {
    for (int i = 0; i < records; i++) {
      int length = random.nextInt(random.nextInt(20) == 0 ? 40_000 : 200);
      LoggedRecord record =
          new LoggedRecord(
              random.nextInt(5),
              3,
              KINDS.get(random.nextInt(KINDS.size())),
              random.nextLong() >>> 1,
              random.nextLong() >>> random.nextInt(64),
              text(random, length));
      long sync =
          switch (random.nextInt(3)) {
            case 0 -> Journal.SYNC_AT_ONCE;
            case 1 -> Journal.NEVER_SYNC;
            default -> MILLIS;
          };
      journal.append(record, sync);
    }
  }

  @Test
  void aRecordIsDurableWhenItsEndIsReported() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    journal.world.turn(() -> journal.appendEntry(1, 1, "a", Journal.SYNC_AT_ONCE));
    assertThat(journal.durableCount()).isZero();
    journal.world.settle();
    assertThat(journal.durableCount()).isEqualTo(1);
    assertThat(journal.journal.durablePosition()).isEqualTo(journal.journal.endPosition());
  }

  @Test
  void aShorterIntervalDoesNotPutOffASyncThatIsNearlyDue() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    journal.world.turn(() -> journal.appendEntry(1, 1, "due at 10 ms", 10 * MILLIS));
    journal.world.pass(8 * MILLIS);
    journal.world.turn(() -> journal.appendEntry(2, 1, "due at 13 ms", 5 * MILLIS));
    journal.world.pass(2 * MILLIS - 1);
    assertThat(journal.durableCount()).isZero();
    journal.world.pass(1);
    assertThat(journal.durableCount()).isEqualTo(2);
  }

  @Test
  void theShortestIntervalIsTheFirstThatIsDue() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    journal.world.pass(2_000 * MILLIS);
    int idle = journal.world.timerCount();
    journal.world.turn(() -> journal.appendEntry(1, 1, "due at 10 ms", 10 * MILLIS));
    journal.world.turn(() -> journal.appendEntry(2, 1, "due at 5 ms", 5 * MILLIS));
    journal.world.turn(() -> journal.appendEntry(3, 1, "due at 7 ms", 7 * MILLIS));
    int before = disk.syncs;
    journal.world.pass(5 * MILLIS);
    assertThat(journal.durableCount()).isEqualTo(3);
    assertThat(disk.syncs).isEqualTo(before + 1);
    assertThat(journal.world.timerCount()).as("timers of syncs").isLessThanOrEqualTo(idle + 1);
    journal.world.pass(500 * MILLIS);
    assertThat(disk.syncs).as("nothing is left to be synced").isEqualTo(before + 1);
  }

  @Test
  void whatArrivesDuringASyncSharesTheNext() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    journal.world.settle();
    int before = disk.syncs;
    journal.world.turn(() -> journal.appendEntry(1, 1, "a", Journal.SYNC_AT_ONCE));
    for (int i = 2; i <= 100; i++) {
      int index = i;
      journal.world.turn(() -> journal.appendEntry(1, index, "b", Journal.SYNC_AT_ONCE));
    }
    journal.world.settle();
    assertThat(journal.durableCount()).isEqualTo(100);
    assertThat(disk.syncs - before).isEqualTo(1);
  }

  @Test
  void aRecordThatNeedsNoSyncIsWrittenAndSyncedOnlyWhenAsked() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    journal.world.settle();
    int before = disk.syncs;
    journal.world.turn(() -> journal.appendEntry(1, 1, "a", Journal.NEVER_SYNC));
    journal.world.pass(10_000 * MILLIS);
    assertThat(journal.written).isEqualTo(journal.journal.endPosition());
    assertThat(journal.durableCount()).isZero();
    assertThat(disk.syncs).isEqualTo(before);
    journal.world.turn(journal.journal::sync);
    journal.world.settle();
    assertThat(journal.durableCount()).isEqualTo(1);
    journal.world.turn(journal.journal::sync);
    journal.world.turn(() -> {
      journal.appendEntry(1, 2, "b", Journal.NEVER_SYNC);
      journal.journal.sync();
    });
    journal.world.settle();
    assertThat(journal.durableCount()).isEqualTo(2);
    assertThat(disk.syncs).isEqualTo(before + 2);
  }

  @Test
  void aRecordWithAnIntervalIsSyncedWithinTheShortest() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    journal.world.turn(() -> journal.appendEntry(1, 1, "a", 50 * MILLIS));
    journal.world.turn(() -> journal.appendEntry(1, 2, "b", 80 * MILLIS));
    journal.world.turn(() -> journal.appendEntry(2, 1, "c", 20 * MILLIS));
    journal.world.pass(19 * MILLIS);
    assertThat(journal.durableCount()).isZero();
    journal.world.pass(MILLIS);
    assertThat(journal.durableCount()).isEqualTo(3);
    journal.world.turn(() -> journal.appendEntry(1, 3, "d", 80 * MILLIS));
    journal.world.pass(80 * MILLIS);
    assertThat(journal.durableCount()).isEqualTo(4);
  }

  @Test
  void aFailedSyncEndsTheJournal() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    journal.commitEntry(1, 1, "a");
    disk.failSyncs = true;
    journal.commitEntry(1, 2, "b");
    disk.failSyncs = false;
    assertThat(journal.failures).hasSize(1);
    assertThat(journal.failures.getFirst()).hasMessageContaining("failed sync");
    assertThat(journal.durableCount()).isEqualTo(1);
    assertThatThrownBy(
            () -> journal.world.turn(() -> journal.appendEntry(1, 3, "c", Journal.SYNC_AT_ONCE)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("FAILED");
    journal.world.turn(journal.journal::sync);
    journal.world.pass(10_000 * MILLIS);
    assertThat(journal.durableCount()).isEqualTo(1);
    journal.close();
    assertThat(journal.failures).hasSize(1);
  }

  @Test
  void aFailedWriteEndsTheJournal() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    journal.world.settle();
    disk.failWrites = true;
    journal.commitEntry(1, 1, "a");
    assertThat(journal.failures).hasSize(1);
    assertThat(journal.failures.getFirst()).hasMessageContaining("failed write");
    journal.close();
  }

  @Test
  void aFailureToPrepareASegmentEndsTheJournal() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    disk.failSyncs = true;
    journal.world.settle();
    assertThat(journal.failures).hasSize(1);
    journal.close();
  }

  @Test
  void aFailureWhileClosingIsToldAndTheJournalCloses() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    journal.world.settle();
    journal.world.turn(() -> journal.appendEntry(1, 1, "a", Journal.NEVER_SYNC));
    disk.failSyncs = true;
    journal.close();
    assertThat(journal.failures).hasSize(1);
  }

  @Test
  void aClosedJournalTakesNothing() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    journal.world.turn(() -> journal.appendEntry(1, 1, "a", Journal.NEVER_SYNC));
    journal.close();
    assertThat(journal.durableCount()).isEqualTo(1);
    assertThatThrownBy(
            () -> journal.world.turn(() -> journal.appendEntry(1, 2, "b", Journal.NEVER_SYNC)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(journal.world.timerCount()).isZero();
  }

  @Test
  void anOlderIncarnationIsRefused() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    LoggedRecord newer = new LoggedRecord(1, 2, RecordKind.ENTRY, 1, 1, "a");
    LoggedRecord older = new LoggedRecord(1, 1, RecordKind.ENTRY, 1, 2, "b");
    journal.world.turn(() -> journal.append(newer, Journal.NEVER_SYNC));
    assertThatThrownBy(() -> journal.world.turn(() -> journal.append(older, Journal.NEVER_SYNC)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("incarnation 2");
  }

  @Test
  void largeRecordsWorkAndTheirMemoryIsGivenBack() throws IOException {
    Disk realDisk = new RealDisk(folder);
    String large = "x".repeat(16 * 1024 * 1024 + 100_000);
    JournalOptions options = new JournalOptions(1024 * 1024, 8192, 4 * 1024 * 1024);
    TestJournal journal = TestJournal.open(realDisk, options, 1);
    journal.commitEntry(1, 1, "before");
    journal.world.turn(() -> journal.appendEntry(1, 2, large, Journal.SYNC_AT_ONCE));
    assertThat(journal.journal.hasRoomFor(1)).isFalse();
    journal.world.settle();
    assertThat(journal.journal.hasRoomFor(large.length())).isTrue();
    journal.commitEntry(1, 3, "after");
    assertThat(journal.durableCount()).isEqualTo(3);
    TestJournal again = TestJournal.open(realDisk, options, 1);
    assertThat(again.replayed).isEqualTo(journal.appended);
  }

  @Test
  void progressOfTheReadingIsTold() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    for (int i = 1; i <= 100; i++) {
      journal.commitEntry(1, i, "x".repeat(500));
    }
    journal.close();
    long[] told = {0, 0};
    RecordVisitor visitor =
        new RecordVisitor() {
          @Override
          public void record(
              long replica,
              long incarnation,
              RecordKind kind,
              long term,
              long index,
              byte[] payload,
              int offset,
              int length) {}

          @Override
          public void progress(long doneBytes, long totalBytes) {
            assertThat(doneBytes).isGreaterThan(told[0]);
            told[0] = doneBytes;
            told[1] = totalBytes;
          }
        };
    JournalEnvironment environment = new TestWorld(1).environment(disk, TestJournal.DIRECTORY);
    assertThat(Journal.open(environment, TestJournal.SMALL, visitor, journal)).isNotNull();
    assertThat(told[0]).isEqualTo(told[1]).isPositive();
  }

  @Test
  void optionsAreChecked() {
    assertThatThrownBy(() -> new JournalOptions(1024, 1024, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new JournalOptions(1 << 20, 1 << 21, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new JournalOptions(1 << 20, 1 << 20, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(JournalOptions.DEFAULT.segmentBytes()).isEqualTo(32 << 20);
  }
}
