package io.distkv.bench.part;

import io.distkv.platform.Platform;
import io.distkv.storage.journal.Journal;
import io.distkv.storage.journal.JournalEnvironment;
import io.distkv.storage.journal.JournalListener;
import io.distkv.storage.journal.JournalOptions;
import io.distkv.storage.journal.RecordKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Entries on their way into the journal's file, many in one turn of the lane, none of them synced.
 */
@State(Scope.Thread)
public class JournalBenchmark {
  private static final int PER_TURN = 256;
  private static final long REPLICA = 1;

  private final byte[] payload = Keys.value();

  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @SuppressWarnings("NullAway.Init")
  private Platform platform;

  @SuppressWarnings("NullAway.Init")
  private Journal journal;

  // On the lane.
  private long index;
  private long awaited;
  private @Nullable CompletableFuture<Void> written;

  /** Opens an empty journal on a lane of its own. */
  @Setup
  public void open() throws Exception {
    folder = Files.createTempDirectory("bench-parts-");
    Platform.Options options = Platform.Options.forThisMachine();
    platform =
        Platform.start(
            folder,
            new Platform.Options(1, options.laneQueueTasks(), 1, options.readQueueTasks(), 1),
            (thread, failure) -> {
              System.err.println(thread.getName() + " failed: " + failure);
              Runtime.getRuntime().halt(1);
            });
    CompletableFuture<Journal> opened = new CompletableFuture<>();
    platform
        .lane(0)
        .complete(() -> {
          try {
            opened.complete(openOnLane());
          } catch (IOException e) {
            opened.completeExceptionally(e);
          }
        });
    journal = opened.get();
  }

  private Journal openOnLane() throws IOException {
    return Journal.open(
        new JournalEnvironment(
            platform.disk(),
            "journal",
            1,
            platform.lane(0),
            platform.sync(0),
            platform.background(),
            platform.newRandomness()),
        JournalOptions.DEFAULT,
        (replica, incarnation, kind, term, at, bytes, offset, length) -> {},
        new Progress());
  }

  private final class Progress implements JournalListener {
    @Override
    public void advanced(long writtenPosition, long durablePosition) {
      CompletableFuture<Void> waiting = written;
      if (waiting != null && writtenPosition >= awaited) {
        written = null;
        // Nothing will ever read them: their segments serve again.
        journal.release(REPLICA, index);
        waiting.complete(null);
      }
    }

    @Override
    public void failed(IOException cause) {
      CompletableFuture<Void> waiting = written;
      if (waiting != null) {
        waiting.completeExceptionally(cause);
      }
    }

    @Override
    public void diskFull(boolean full) {
      if (full) {
        failed(new IOException("the disk is full"));
      }
    }
  }

  /** Closes the journal and deletes it. */
  @TearDown
  public void close() throws Exception {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    platform.lane(0).complete(() -> journal.close(() -> closed.complete(null)));
    closed.get();
    platform.close();
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }

  /** An entry of 100 bytes, until it is in the file. */
  @Benchmark
  @OperationsPerInvocation(PER_TURN)
  public void append() throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    platform
        .lane(0)
        .complete(() -> {
          written = done;
          for (int i = 0; i < PER_TURN; i++) {
            index++;
            awaited =
                journal.append(
                    REPLICA,
                    1,
                    RecordKind.ENTRY,
                    0,
                    index,
                    payload,
                    0,
                    payload.length,
                    Journal.NEVER_SYNC);
          }
        });
    done.get();
  }
}
