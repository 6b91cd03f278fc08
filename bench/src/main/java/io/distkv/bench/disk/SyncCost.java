package io.distkv.bench.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Locale;

/**
 * Measures what a synced write takes of the processors, by what others get less of them: one thread
 * for each processor only counts, in turns alone and beside a thread that writes and syncs. That is
 * more than the time of the syncing thread, since it includes interrupts, threads of the kernel
 * and, in a virtual machine, what the host does for the disk on the same processors.
 */
final class SyncCost {
  private static final long TURN_NANOS = 150_000_000;
  private static final int PAUSE_NANOS = 500_000;
  private static final int COUNTED_AT_ONCE = 1_000;

  private final FileChannel file;
  private final ByteBuffer piece;
  private final int fileBytes;
  private final Counter[] counters = new Counter[Runtime.getRuntime().availableProcessors()];
  private volatile boolean over;

  /**
   * @param file whose space is there up to {@code fileBytes}
   * @param piece what a write writes
   */
  SyncCost(FileChannel file, ByteBuffer piece, int fileBytes) {
    this.file = file;
    this.piece = piece;
    this.fileBytes = fileBytes;
  }

  /** Measures for so long, and says what was found. */
  String measure(int seconds) throws IOException, InterruptedException {
    for (int i = 0; i < counters.length; i++) {
      counters[i] = new Counter();
      Thread.ofPlatform().daemon().name("counter-" + i).start(counters[i]);
    }
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    alone(); // the compiler's
    Turn alone = new Turn(0, 0, 0);
    Turn beside = alone;
    while (System.nanoTime() < end) {
      alone = alone.and(alone());
      beside = beside.and(beside());
    }
    over = true;
    double lost = 1 - beside.countedPerNano() / alone.countedPerNano();
    return String.format(
        Locale.ROOT,
        "%d writes of %d B with fdatasync, %.0f a second: threads that count do %.2f times as much"
            + " beside them, which is %.2f ms of the %d processors for each",
        beside.syncs,
        piece.capacity(),
        beside.syncs / (beside.nanos / 1e9),
        1 - lost,
        lost * counters.length * beside.nanos / beside.syncs / 1e6,
        counters.length);
  }

  private Turn alone() throws InterruptedException {
    long counted = counted();
    long start = System.nanoTime();
    Thread.sleep(Duration.ofNanos(TURN_NANOS));
    return new Turn(0, counted() - counted, System.nanoTime() - start);
  }

  /** The pause is part of the cost: a thread that syncs for others wakes up for each sync, too. */
  private Turn beside() throws IOException, InterruptedException {
    long counted = counted();
    long start = System.nanoTime();
    long syncs = 0;
    while (System.nanoTime() - start < TURN_NANOS) {
      file.write(piece.rewind(), syncs++ * piece.capacity() % (fileBytes - piece.capacity()));
      file.force(false);
      Thread.sleep(Duration.ofNanos(PAUSE_NANOS));
    }
    return new Turn(syncs, counted() - counted, System.nanoTime() - start);
  }

  private long counted() {
    long sum = 0;
    for (Counter counter : counters) {
      sum += counter.counted;
    }
    return sum;
  }

  /** Some turns of one kind together. */
  private record Turn(long syncs, long counted, long nanos) {
    Turn and(Turn other) {
      return new Turn(syncs + other.syncs, counted + other.counted, nanos + other.nanos);
    }

    double countedPerNano() {
      return (double) counted / nanos;
    }
  }

  private final class Counter implements Runnable {
    private volatile long counted;

    @Override
    public void run() {
      long state = 1;
      long sum = 0;
      while (!over) {
        for (int i = 0; i < COUNTED_AT_ONCE; i++) {
          state = state * 6364136223846793005L + 1;
        }
        // So that the compiler cannot leave the loop out.
        sum += state == 0 ? 2 : 1;
        counted = sum;
      }
    }
  }
}
