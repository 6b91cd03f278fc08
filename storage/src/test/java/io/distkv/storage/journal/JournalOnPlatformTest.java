package io.distkv.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Lane;
import io.distkv.platform.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal on real threads and a real disk. */
class JournalOnPlatformTest {
  private static final int RECORDS = 20_000;
  private static final int IN_FLIGHT = 64;

  @TempDir private Path folder;
  private final List<Throwable> uncaught = Collections.synchronizedList(new ArrayList<>());

  /** Keeps so many records under way, on the lane, and ends when all are durable. */
  private static final class Load implements JournalListener {
    private final ArrayDeque<Long> underWay = new ArrayDeque<>();
    private final CompletableFuture<Integer> done = new CompletableFuture<>();
    private final byte[] payload = new byte[300];
    private @Nullable Journal journal;
    private int appended;
    private int durable;

    void begin(Journal opened) {
      journal = opened;
      appendMore(opened);
    }

    private void appendMore(Journal to) {
      while (appended < RECORDS && underWay.size() < IN_FLIGHT) {
        appended++;
        underWay.add(
            to.append(
                appended % 7,
                1,
                RecordKind.ENTRY,
                1,
                appended,
                payload,
                0,
                appended % payload.length,
                appended % 3 == 0 ? 1_000_000 : Journal.SYNC_AT_ONCE));
      }
    }

    @Override
    public void advanced(long writtenPosition, long durablePosition) {
      while (!underWay.isEmpty() && underWay.getFirst() <= durablePosition) {
        underWay.removeFirst();
        durable++;
      }
      if (durable == RECORDS) {
        done.complete(durable);
      } else if (journal != null) {
        appendMore(journal);
      }
    }

    @Override
    public void failed(IOException cause) {
      done.completeExceptionally(cause);
    }

    @Override
    public void diskFull(boolean full) {
      done.completeExceptionally(new IllegalStateException("disk full: " + full));
    }
  }

  private Platform start() throws IOException {
    Platform.Options options = new Platform.Options(1, 1_000, 1, 10, 1);
    return Platform.start(folder, options, (thread, e) -> uncaught.add(e));
  }

  private static Journal open(Platform platform, RecordVisitor visitor, JournalListener listener)
      throws IOException {
    JournalEnvironment environment =
        new JournalEnvironment(
            platform.disk(),
            "journal-0",
            7,
            platform.lane(0),
            platform.sync(0),
            platform.background(),
            platform.newRandomness());
    JournalOptions options = new JournalOptions(512 * 1024, 64 * 1024, 1 << 20);
    return Journal.open(environment, options, visitor, listener);
  }

  private static void close(Lane lane, Journal journal) throws Exception {
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    lane.complete(() -> journal.close(() -> closed.complete(true)));
    assertThat(closed.get(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatIsToldDurableComesBack() throws Exception {
    try (Platform platform = start()) {
      Load load = new Load();
      Journal journal = open(platform, (r, n, k, t, i, payload, o, l) -> {}, load);
      platform.lane(0).complete(() -> load.begin(journal));
      assertThat(load.done.get(60, TimeUnit.SECONDS)).isEqualTo(RECORDS);
      close(platform.lane(0), journal);
    }
    List<Long> indexes = new ArrayList<>();
    try (Platform platform = start()) {
      RecordVisitor visitor =
          (replica, incarnation, kind, term, index, payload, offset, length) -> {
            assertThat(replica).isEqualTo(index % 7);
            assertThat(length).isEqualTo((int) (index % 300));
            indexes.add(index);
          };
      Journal journal = open(platform, visitor, new Load());
      close(platform.lane(0), journal);
    }
    assertThat(indexes).hasSize(RECORDS).isSorted();
    assertThat(uncaught).isEmpty();
  }
}
