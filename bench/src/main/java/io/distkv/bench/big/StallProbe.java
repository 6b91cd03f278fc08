package io.distkv.bench.big;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One writer that sends a small SET every few milliseconds, whatever the others do, and measures
 * from the moment it was due to its reply: how long the node ever makes a writer wait.
 */
final class StallProbe implements AutoCloseable {
  private static final long PERIOD_NANOS = 5_000_000;
  private static final int MOST_SAMPLES = 1 << 20;

  /** Waits this long are told one by one, so that they can be looked up in a flight recording. */
  private static final long LONG_WAIT_NANOS = 80_000_000;

  private final RespConnection connection;
  private final Thread thread;
  private final long[] samples = new long[MOST_SAMPLES];
  private int count;
  private volatile boolean stopped;
  private volatile @Nullable IOException failure;

  StallProbe(int port) throws IOException {
    connection = new RespConnection(port);
    thread = Thread.ofPlatform().name("stall probe").start(this::run);
  }

  private void run() {
    byte[] set = "SET".getBytes(US_ASCII);
    byte[] value = "probe".getBytes(US_ASCII);
    long due = System.nanoTime();
    try {
      while (!stopped) {
        LockSupport.parkNanos(due - System.nanoTime());
        byte[] key = ("probe:" + count % 1000).getBytes(US_ASCII);
        connection.ask(set, key, value);
        long now = System.nanoTime();
        record(now - due);
        if (now - due >= LONG_WAIT_NANOS) {
          System.out.printf(
              Locale.ROOT,
              "  a writer waited %.1f ms until %s%n",
              (now - due) / 1e6,
              LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS));
        }
        due = Math.max(due + PERIOD_NANOS, now);
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private synchronized void record(long nanos) {
    if (count < MOST_SAMPLES) {
      samples[count++] = nanos;
    }
  }

  /** What was measured since the last call, in words. */
  synchronized String take() throws IOException {
    IOException why = failure;
    if (why != null) {
      throw why;
    }
    if (count == 0) {
      return "no write of the probe";
    }
    long[] sorted = Arrays.copyOf(samples, count);
    Arrays.sort(sorted);
    count = 0;
    return "a writer waited p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, longest %.1f ms (%d writes)"
        .formatted(
            sorted[sorted.length / 2] / 1e6,
            sorted[(int) (sorted.length * 0.99)] / 1e6,
            sorted[(int) (sorted.length * 0.999)] / 1e6,
            sorted[sorted.length - 1] / 1e6,
            sorted.length);
  }

  @Override
  public void close() throws IOException {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connection.close();
  }
}
