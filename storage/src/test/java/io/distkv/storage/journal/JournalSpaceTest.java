package io.distkv.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.storage.MemoryDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a journal keeps, gives up and reuses, and what it does on a full disk. */
class JournalSpaceTest {
  private static final long SECOND = 1_000_000_000L;

  private final FaultyDisk disk = new FaultyDisk(new MemoryDisk());

  private List<String> files(String suffix) throws IOException {
    return disk.list(TestJournal.DIRECTORY).stream().filter(n -> n.endsWith(suffix)).toList();
  }

  private static long fill(TestJournal journal, long replica, long from, int count) {
    for (long index = from; index < from + count; index++) {
      journal.commitEntry(replica, index, "v".repeat(300));
    }
    return from + count;
  }

  @Test
  void segmentsGoOldestFirstWhenNobodyNeedsThem() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    fill(journal, 1, 1, 3);
    fill(journal, 2, 1, 200);
    fill(journal, 1, 4, 1);
    assertThat(journal.journal.pinning()).containsExactly(1L, 2L);
    assertThat(journal.journal.replicas()).containsExactly(1L, 2L);
    long full = journal.journal.sizeBytes();
    assertThat(full).isGreaterThan(203 * 300);
    journal.world.turn(() -> journal.journal.release(2, 200));
    journal.world.settle();
    assertThat(journal.journal.pinning()).containsExactly(1L);
    assertThat(journal.journal.sizeBytes()).isEqualTo(full);
    assertThat(files(".journal").getFirst()).isEqualTo("000000000001.journal");
    journal.world.turn(() -> journal.journal.release(1, 3));
    journal.world.settle();
    assertThat(journal.journal.sizeBytes()).isLessThan(17 * 1024);
    assertThat(files(".journal")).hasSize(2);
    assertThat(TestJournal.open(disk).replayed).endsWith(journal.appended.getLast());
  }

  @Test
  void aForgottenReplicaAndAnOlderIncarnationHoldNothing() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    fill(journal, 1, 1, 100);
    fill(journal, 2, 1, 100);
    journal.world.turn(() -> journal.journal.forget(1));
    assertThat(journal.journal.replicas()).containsExactly(2L);
    assertThat(journal.journal.pinning()).containsExactly(2L);
    journal.world.turn(() -> journal.journal.forget(7));
    LoggedRecord renewed = new LoggedRecord(2, 9, RecordKind.ENTRY, 1, 1, "new life");
    journal.world.turn(() -> journal.append(renewed, Journal.SYNC_AT_ONCE));
    journal.world.settle();
    assertThat(journal.journal.sizeBytes()).isLessThan(17 * 1024);
  }

  @Test
  void theNewestHardStateAndCheckpointAreKept() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    LoggedRecord state = new LoggedRecord(1, 1, RecordKind.HARD_STATE, 5, 0, "state");
    LoggedRecord checkpoint = new LoggedRecord(1, 1, RecordKind.CHECKPOINT, 5, 0, "checkpoint");
    LoggedRecord truncate = new LoggedRecord(1, 1, RecordKind.TRUNCATE, 5, 3, "");
    journal.world.turn(() -> {
      journal.append(state, Journal.SYNC_AT_ONCE);
      journal.append(checkpoint, Journal.SYNC_AT_ONCE);
      journal.append(truncate, Journal.SYNC_AT_ONCE);
    });
    fill(journal, 2, 1, 100);
    journal.world.turn(() -> journal.journal.release(2, 100));
    journal.world.settle();
    assertThat(journal.journal.pinning()).containsExactly(1L);
    assertThat(files(".journal").getFirst()).isEqualTo("000000000001.journal");
    journal.world.turn(() -> {
      journal.append(state, Journal.SYNC_AT_ONCE);
      journal.append(checkpoint, Journal.SYNC_AT_ONCE);
    });
    journal.world.settle();
    assertThat(files(".journal").getFirst()).isNotEqualTo("000000000001.journal");
    TestJournal again = TestJournal.open(disk);
    assertThat(again.replayed).containsSubsequence(state, checkpoint);
  }

  @Test
  void aHardStateIsKeptUntilTheNextOneIsDurable() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    LoggedRecord state = new LoggedRecord(1, 1, RecordKind.HARD_STATE, 5, 0, "old");
    journal.world.turn(() -> journal.append(state, Journal.SYNC_AT_ONCE));
    fill(journal, 2, 1, 100);
    LoggedRecord next = new LoggedRecord(1, 1, RecordKind.HARD_STATE, 6, 0, "new");
    journal.world.turn(() -> {
      journal.append(next, Journal.NEVER_SYNC);
      journal.journal.release(2, 100);
    });
    assertFirstSegmentIsHeldUntilASync(journal);
    assertThat(TestJournal.open(disk).replayed).contains(next).doesNotContain(state);
  }

  @Test
  void entriesThatAreAppendedAgainNeedTheirOldPlaceNoMoreOnceTheyAreDurable() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    LoggedRecord entry = new LoggedRecord(1, 1, RecordKind.ENTRY, 5, 1, "undecided");
    journal.world.turn(() -> journal.append(entry, Journal.SYNC_AT_ONCE));
    fill(journal, 2, 1, 100);
    journal.world.turn(() -> {
      journal.journal.appendAgain(1, () -> journal.append(entry, Journal.NEVER_SYNC));
      journal.journal.release(2, 100);
    });
    assertFirstSegmentIsHeldUntilASync(journal);
    assertThat(TestJournal.open(disk).replayed).containsOnlyOnce(entry);

    fill(journal, 2, 101, 200);
    journal.world.turn(() -> {
      journal.journal.release(2, 200);
      journal.journal.release(1, 1);
    });
    journal.world.settle();
    assertThat(TestJournal.open(disk).replayed).as("released for good").doesNotContain(entry);
  }

  private void assertFirstSegmentIsHeldUntilASync(TestJournal journal) throws IOException {
    journal.world.settle();
    assertThat(journal.journal.pinning()).as("nobody can help").isEmpty();
    assertThat(files(".journal").getFirst()).isEqualTo("000000000001.journal");

    journal.world.turn(journal.journal::sync);
    journal.world.settle();
    assertThat(journal.journal.sizeBytes()).isLessThan(17 * 1024);
  }

  @Test
  void aRecycledSegmentNeverShowsWhatItHeldBefore() throws IOException {
    for (long seed = 0; seed < 30; seed++) {
      FaultyDisk own = new FaultyDisk(new MemoryDisk());
      Random random = new Random(seed);
      TestJournal journal = TestJournal.open(own, TestJournal.SMALL, seed);
      TreeMap<Long, Long> released = new TreeMap<>();
      TreeMap<Long, Long> next = new TreeMap<>();
      List<LoggedRecord> all = new ArrayList<>();
      for (int round = 0; round < 6; round++) {
        for (int i = 0; i < 100; i++) {
          long replica = random.nextInt(3);
          long index = next.merge(replica, 1L, Long::sum);
          String payload = "v".repeat(random.nextInt(600));
          TestJournal to = journal;
          journal.world.turn(() -> to.appendEntry(replica, index, payload, random.nextInt(2)));
          for (int steps = random.nextInt(5); steps > 0; steps--) {
            journal.world.step();
          }
          if (random.nextInt(10) == 0) {
            long upTo = Math.max(released.getOrDefault(replica, 0L), index - random.nextInt(3));
            released.put(replica, upTo);
            journal.world.turn(() -> to.journal.release(replica, upTo));
          }
        }
        journal.close();
        all.addAll(journal.appended);
        journal = TestJournal.open(own, TestJournal.SMALL, seed);
        List<LoggedRecord> replayed = journal.replayed;
        assertThat(replayed)
            .as("seed %d", seed)
            .isEqualTo(all.subList(all.size() - replayed.size(), all.size()));
        assertThat(replayed)
            .as("seed %d: what was not released", seed)
            .containsAll(
                all.stream()
                    .filter(r -> r.index() > released.getOrDefault(r.replica(), 0L))
                    .toList());
      }
    }
  }

  @Test
  void aSteadyJournalCreatesNoFilesAndGrowsNone() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    long index = 1;
    for (int round = 0; round < 40; round++) {
      index = fill(journal, 1, index, 10);
      long last = index - 1;
      journal.world.turn(() -> journal.journal.release(1, last));
      journal.world.settle();
    }
    int creates = disk.creates;
    int growths = disk.growths;
    int renames = disk.renames;
    for (int round = 0; round < 40; round++) {
      index = fill(journal, 1, index, 10);
      long last = index - 1;
      journal.world.turn(() -> journal.journal.release(1, last));
      journal.world.settle();
    }
    assertThat(disk.renames).isGreaterThan(renames + 10);
    assertThat(disk.creates).isEqualTo(creates);
    assertThat(disk.growths).isEqualTo(growths);
    assertThat(disk.list(TestJournal.DIRECTORY).size()).isLessThanOrEqualTo(5);
  }

  @Test
  void aThousandReplicasShareAJournal() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    for (long index = 1; index <= 5; index++) {
      long at = index;
      journal.world.turn(() -> {
        for (long replica = 0; replica < 1_000; replica++) {
          journal.appendEntry(replica, at, "v" + replica, Journal.SYNC_AT_ONCE);
        }
      });
      journal.world.settle();
    }
    assertThat(journal.journal.pinning()).isNotEmpty();
    for (long replica = 999; replica >= 1; replica--) {
      long id = replica;
      journal.world.turn(() -> journal.journal.release(id, 5));
    }
    assertThat(journal.journal.pinning()).containsExactly(0L);
    TestJournal again = TestJournal.open(disk);
    assertThat(again.replayed).isEqualTo(journal.appended);
    assertThat(again.journal.replicas()).hasSize(1_000).isSorted();
  }

  @Test
  void aBurstFasterThanThePreparationIsWritten() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    for (long i = 1; i <= 300; i++) {
      long index = i;
      journal.world.turn(
          () -> journal.appendEntry(1, index, "v".repeat(300), Journal.SYNC_AT_ONCE));
      while (journal.world.stepSync()) {}
      journal.world.runLane();
    }
    assertThat(journal.durableCount()).isEqualTo(300);
    assertThat(TestJournal.open(disk).replayed).isEqualTo(journal.appended);
    journal.world.settle();
    fill(journal, 1, 301, 300);
    assertThat(TestJournal.open(disk).replayed).isEqualTo(journal.appended);
  }

  @Test
  void numbersHaveNoGapWhileTheWriterIsBehind() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    journal.world.turn(() -> {
      for (long index = 1; index <= 300; index++) {
        journal.appendEntry(1, index, "v".repeat(300), Journal.SYNC_AT_ONCE);
      }
    });
    // Segments were taken that the writer has not made; what is prepared now must not pass them.
    while (journal.world.stepBackground()) {
      journal.world.runLane();
    }
    assertThat(files(".journal")).containsExactly("000000000001.journal");
    journal.world.settle();
    assertThat(files(".journal")).hasSizeGreaterThan(5);
    assertThat(TestJournal.open(disk).replayed).isEqualTo(journal.appended);
  }

  @Test
  void namesAreMadeDurableBeforeAJournalIsUsed() throws IOException {
    TestJournal.open(disk).close();
    int before = disk.directorySyncs;
    TestJournal again = TestJournal.open(disk);
    assertThat(disk.directorySyncs).isGreaterThan(before);
    again.close();
  }

  @Test
  void aSegmentThatIsBeingPreparedIsWaitedFor() throws IOException {
    for (int preparedSteps = 0; preparedSteps < 4; preparedSteps++) {
      FaultyDisk own = new FaultyDisk(new MemoryDisk());
      TestJournal journal = TestJournal.open(own);
      for (int i = 0; i < preparedSteps; i++) {
        journal.world.stepBackground();
        journal.world.runLane();
      }
      journal.world.turn(() -> {
        for (long index = 1; index <= 100; index++) {
          journal.appendEntry(1, index, "v".repeat(300), Journal.SYNC_AT_ONCE);
        }
      });
      while (journal.world.stepSync()) {}
      journal.world.settle();
      assertThat(journal.durableCount()).as("%d steps", preparedSteps).isEqualTo(100);
      assertThat(TestJournal.open(own).replayed).isEqualTo(journal.appended);
    }
  }

  @Test
  void onAFullDiskTheSpaceThatIsThereIsUsedAndThenAppendsWait() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    journal.world.settle();
    disk.full = true;
    long space = journal.journal.spaceLeftBytes();
    assertThat(space).isEqualTo(4 * 1024 + 12 * 1024);
    long index = 1;
    while (journal.journal.spaceLeftBytes() > 1_000) {
      index = fill(journal, 1, index, 1);
    }
    assertThat(journal.durableCount()).isEqualTo(journal.appended.size());
    assertThat(journal.diskFull).containsExactly(true);
    index = fill(journal, 1, index, 50);
    assertThat(journal.failures).isEmpty();
    assertThat(journal.durableCount()).isLessThan(journal.appended.size());
    assertThat(journal.journal.spaceLeftBytes()).isLessThan(1_000);

    int durable = journal.durableCount();
    journal.world.pass(3 * SECOND);
    assertThat(journal.durableCount()).isEqualTo(durable);
    disk.full = false;
    journal.world.pass(3 * SECOND);
    assertThat(journal.durableCount()).isEqualTo(journal.appended.size());
    assertThat(journal.diskFull).endsWith(false);
    fill(journal, 1, index, 100);
    journal.close();
    assertThat(TestJournal.open(disk).replayed).isEqualTo(journal.appended);
  }

  @Test
  void releasedSegmentsServeAgainWhileTheDiskIsFull() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    long index = fill(journal, 1, 1, 400);
    disk.full = true;
    for (int round = 0; round < 30; round++) {
      index = fill(journal, 1, index, 20);
      long last = index - 1;
      journal.world.turn(() -> journal.journal.release(1, last));
      journal.world.settle();
    }
    assertThat(journal.durableCount()).isEqualTo(journal.appended.size());
    assertThat(journal.failures).isEmpty();
  }

  @Test
  void aJournalOnAFullDiskClosesAndOpens() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    disk.full = true;
    fill(journal, 1, 1, 100);
    journal.close();
    int durable = journal.durableCount();
    assertThat(durable).isPositive().isLessThan(100);
    TestJournal again = TestJournal.open(disk);
    assertThat(again.replayed).isEqualTo(journal.appended.subList(0, durable));
    again.commitEntry(1, 1_000, "waits");
    disk.full = false;
    again.world.pass(3 * SECOND);
    assertThat(again.durableCount()).isEqualTo(1);
  }

  @Test
  void theLastSegmentStaysUntilItsSuccessorIsThere() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    journal.world.settle();
    disk.full = true;
    fill(journal, 1, 1, 100);
    // The log ends with a full segment, and there is no room for another.
    TestJournal again = TestJournal.open(disk);
    again.world.turn(() -> again.journal.release(1, 100));
    again.world.settle();
    assertThat(files(".journal")).containsExactly("000000000002.journal");
    TestJournal third = TestJournal.open(disk);
    third.world.turn(() -> third.journal.release(1, 100));
    disk.full = false;
    third.commitEntry(1, 101, "goes on");
    third.world.pass(3 * SECOND);
    assertThat(third.durableCount()).isEqualTo(1);
    assertThat(TestJournal.open(disk).replayed).endsWith(third.appended.getLast());
  }
}
