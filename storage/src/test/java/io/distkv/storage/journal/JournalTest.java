package io.distkv.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Disk;
import io.distkv.platform.RealDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final List<RecordKind> KINDS = List.of(RecordKind.values());

  @TempDir private Path folder;
  private Disk disk;

  @BeforeEach
  void openDisk() {
    disk = new RealDisk(folder);
  }

  private static String text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(256));
    }
    return text.toString();
  }

  @Test
  void aNewJournalIsEmptyAndSmall() throws IOException {
    TestJournal journal = TestJournal.open(disk);
    assertThat(journal.replayed).isEmpty();
    assertThat(disk.list(TestJournal.DIRECTORY)).containsExactly("000000000001.journal");
    assertThat(journal.journal.endPosition()).isEqualTo(journal.durable);
    assertThat(journal.journal.replicas()).isEmpty();
    journal.close();
    assertThat(TestJournal.open(disk).replayed).isEmpty();
  }

  @Test
  void whatWasAppendedComesBackInOrder() throws IOException {
    for (long seed = 0; seed < 8; seed++) {
      Disk own = new RealDisk(folder);
      TestJournal journal = TestJournal.open(own, TestJournal.SMALL, seed);
      int before = journal.replayed.size();
      Random random = new Random(seed);
      for (int i = 0; i < 120; i++) {
        int records = 1 + random.nextInt(3);
        TestJournal to = journal;
        world(journal).turn(() -> appendSome(to, random, records));
        for (int steps = random.nextInt(4); steps > 0; steps--) {
          world(journal).step();
        }
      }
      journal.close();
      TestJournal again = TestJournal.open(own, TestJournal.SMALL, seed);
      assertThat(again.replayed.subList(before, again.replayed.size()))
          .as("seed %d", seed)
          .isEqualTo(journal.appended);
      again.close();
    }
  }

  private static TestWorld world(TestJournal journal) {
    return journal.world;
  }

  private static void appendSome(TestJournal journal, Random random, int records) {
    for (int i = 0; i < records; i++) {
      RecordKind kind = KINDS.get(random.nextInt(KINDS.size()));
      LoggedRecord record =
          new LoggedRecord(
              random.nextInt(5),
              3,
              kind,
              random.nextLong() >>> 1,
              random.nextLong() >>> random.nextInt(64),
              text(random, random.nextInt(random.nextInt(10) == 0 ? 3_000 : 200)));
      long sync =
          switch (random.nextInt(3)) {
            case 0 -> Journal.SYNC_AT_ONCE;
            case 1 -> Journal.NEVER_SYNC;
            default -> 1_000_000;
          };
      journal.append(record, sync);
    }
  }
}
