package io.distkv.bench.big;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gives a running node much more data than it has memory, and reports after each phase how fast it
 * was, how long a writer ever waited and how much heap the node had in use.
 *
 * <p>{@code bench/big} starts such a node and runs this against it.
 *
 * <pre>
 *   --port N        of the node's Redis protocol
 *   --http-port N   of its metrics
 *   --mib N         of values to load (4096)
 *   --seconds N     of overwrites, of reads, of scans (60)
 *   --tombstones N  deleted keys before a live one (1000000)
 *   --large N       values of 16 MiB (30)
 * </pre>
 *
 * <p>Exits with 1 if an answer was wrong, or an error. Whether a wait was too long is for whoever
 * reads the report to judge: others may have used the disk.
 */
public final class BigData {
  private static final int VALUE_BYTES = 1000;
  private static final int LARGE_BYTES = 16 * 1024 * 1024;
  private static final int CONNECTIONS = 4;

  /**
   * Requests in flight on a connection: what waits in line behind them waits no longer than they.
   */
  private static final int DEPTH = 100;

  private static final byte[] SET = "SET".getBytes(US_ASCII);
  private static final byte[] GET = "GET".getBytes(US_ASCII);
  private static final byte[] DEL = "DEL".getBytes(US_ASCII);
  private static final byte[] SCAN = "SCAN".getBytes(US_ASCII);

  private final int port;
  private final long keys;
  private final long seconds;
  private final long tombstones;
  private final int large;
  private final Gauges gauges;
  private final StallProbe probe;

  private BigData(Options options) throws IOException {
    port = (int) options.number("--port", -1);
    keys = options.number("--mib", 4096) * 1024 * 1024 / VALUE_BYTES;
    seconds = options.number("--seconds", 60);
    tombstones = options.number("--tombstones", 1_000_000);
    large = (int) options.number("--large", 30);
    gauges = new Gauges((int) options.number("--http-port", -1));
    probe = new StallProbe(port);
  }

  /** Runs the campaign. */
  public static void main(String[] args) throws Exception {
    new BigData(new Options(args)).run();
  }

  private void run() throws Exception {
    try (probe) {
      phase("load of %d keys".formatted(keys), this::load);
      phase("random overwrites", this::overwrite);
      phase("random reads", this::read);
      phase("scan of everything", this::scan);
      phase("%d tombstones before a live key".formatted(tombstones), this::bury);
      phase("%d values of 16 MiB".formatted(large), this::large);
    }
    System.out.printf(
        Locale.ROOT,
        "peak heap in use, garbage included: %.0f MiB%n",
        gauges.peakHeapBytes() / (1 << 20));
  }

  /** Does something; returns how many operations it was. */
  private interface Work {
    long run(AtomicLong done) throws Exception;
  }

  private void phase(String name, Work work) throws Exception {
    probe.take();
    AtomicLong done = new AtomicLong();
    long start = System.nanoTime();
    Thread progress = Thread.ofVirtual().start(() -> report(name, done, start));
    long operations = work.run(done);
    double took = (System.nanoTime() - start) / 1e9;
    progress.interrupt();
    progress.join();
    System.out.printf(
        Locale.ROOT,
        "%s: %d operations in %.1f s, %.0f/s; %s; %s%n",
        name,
        operations,
        took,
        operations / took,
        probe.take(),
        gauges.look());
  }

  private void report(String name, AtomicLong done, long start) {
    try {
      for (int second = 1; ; second++) {
        Thread.sleep(1000);
        String now = gauges.look();
        if (second % 10 == 0) {
          System.out.printf(
              Locale.ROOT,
              "  %s: %d after %.0f s; %s%n",
              name,
              done.get(),
              (System.nanoTime() - start) / 1e9,
              now);
        }
      }
    } catch (InterruptedException e) {
      // The phase is over.
    } catch (IOException e) {
      System.out.println("  the node's figures cannot be had: " + e);
    }
  }

  private long load(AtomicLong done) throws Exception {
    long each = keys / CONNECTIONS;
    onEveryConnection((connection, number) -> {
      long first = number * each;
      long end = number == CONNECTIONS - 1 ? keys : first + each;
      for (long key = first; key < end; key += DEPTH) {
        long last = Math.min(end, key + DEPTH);
        for (long i = key; i < last; i++) {
          connection.send(SET, key(i), value(i, 0));
        }
        settle(connection, (int) (last - key));
        done.addAndGet(last - key);
      }
    });
    return keys;
  }

  private long overwrite(AtomicLong done) throws Exception {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    onEveryConnection((connection, number) -> {
      SplittableRandom random = new SplittableRandom(number);
      for (int round = 1; System.nanoTime() < end; round++) {
        for (int i = 0; i < DEPTH; i++) {
          long key = random.nextLong(keys);
          connection.send(SET, key(key), value(key, round));
        }
        settle(connection, DEPTH);
        done.addAndGet(DEPTH);
      }
    });
    return done.get();
  }

  private long read(AtomicLong done) throws Exception {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    onEveryConnection((connection, number) -> {
      SplittableRandom random = new SplittableRandom(~number);
      long[] asked = new long[DEPTH];
      while (System.nanoTime() < end) {
        for (int i = 0; i < DEPTH; i++) {
          asked[i] = random.nextLong(keys);
          connection.send(GET, key(asked[i]));
        }
        connection.flush();
        for (long key : asked) {
          requireValueOf(key, connection.reply());
        }
        done.addAndGet(DEPTH);
      }
    });
    return done.get();
  }

  private long scan(AtomicLong done) throws IOException {
    long seen = 0;
    try (RespConnection connection = new RespConnection(port)) {
      String cursor = "0";
      do {
        if (!(connection.ask(SCAN, cursor.getBytes(US_ASCII), bytes("COUNT"), bytes("1000"))
                instanceof List<?> parts)
            || !(parts.get(0) instanceof byte[] next)
            || !(parts.get(1) instanceof List<?> found)) {
          throw new IOException("SCAN answered something else");
        }
        seen += found.size();
        done.set(seen);
        cursor = new String(next, US_ASCII);
      } while (!cursor.equals("0"));
    }
    if (seen < keys) {
      throw new IOException("a scan showed " + seen + " keys, written were " + keys);
    }
    return seen;
  }

  /**
   * Keys that come before all others are written and deleted; then somebody looks for the first.
   */
  private long bury(AtomicLong done) throws IOException {
    try (RespConnection connection = new RespConnection(port)) {
      for (boolean delete : List.of(false, true)) {
        for (long key = 0; key < tombstones; key += DEPTH) {
          int count = (int) Math.min(DEPTH, tombstones - key);
          for (int i = 0; i < count; i++) {
            byte[] name = bytes("!%08d".formatted(key + i));
            if (delete) {
              connection.send(DEL, name);
            } else {
              connection.send(SET, name, name);
            }
          }
          settle(connection, count);
          done.addAndGet(count);
        }
      }
      for (int i = 0; i < 3; i++) {
        long start = System.nanoTime();
        connection.ask(SCAN, bytes("0"), bytes("COUNT"), bytes("10"));
        System.out.printf(
            Locale.ROOT,
            "  the first live key was found in %.1f ms%n",
            (System.nanoTime() - start) / 1e6);
      }
    }
    return 2 * tombstones;
  }

  private long large(AtomicLong done) throws Exception {
    onEveryConnection((connection, number) -> {
      for (int i = number; i < large; i += CONNECTIONS) {
        connection.ask(SET, bytes("large:" + i), noise(i, LARGE_BYTES));
        done.incrementAndGet();
      }
      for (int i = number; i < large; i += CONNECTIONS) {
        if (!(connection.ask(GET, bytes("large:" + i)) instanceof byte[] found)
            || !Arrays.equals(found, noise(i, LARGE_BYTES))) {
          throw new IOException("large:" + i + " is not what was written");
        }
        done.incrementAndGet();
      }
    });
    return 2L * large;
  }

  /** What each connection does. */
  private interface Part {
    void run(RespConnection connection, int number) throws IOException;
  }

  private void onEveryConnection(Part part) throws Exception {
    List<Future<?>> parts = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      for (int i = 0; i < CONNECTIONS; i++) {
        int number = i;
        parts.add(
            threads.submit(() -> {
              try (RespConnection connection = new RespConnection(port)) {
                part.run(connection, number);
              }
              return true;
            }));
      }
    }
    for (Future<?> each : parts) {
      try {
        each.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      }
    }
  }

  private static void settle(RespConnection connection, int replies) throws IOException {
    connection.flush();
    for (int i = 0; i < replies; i++) {
      connection.reply();
    }
  }

  /** In an order that has nothing to do with that of the numbers. */
  private static byte[] key(long number) {
    return bytes("%016x:%d".formatted(number * 0x9E3779B97F4A7C15L, number));
  }

  /** Begins with its key; the rest is noise, half of which can be compressed. */
  private static byte[] value(long number, int round) {
    byte[] value = new byte[VALUE_BYTES];
    byte[] noise = noise(number * 31 + round, VALUE_BYTES / 2);
    System.arraycopy(noise, 0, value, VALUE_BYTES / 2, noise.length);
    byte[] key = key(number);
    System.arraycopy(key, 0, value, 0, key.length);
    return value;
  }

  private static byte[] noise(long seed, int bytes) {
    byte[] noise = new byte[bytes];
    new SplittableRandom(seed).nextBytes(noise);
    return noise;
  }

  private static void requireValueOf(long number, @Nullable Object reply) throws IOException {
    byte[] key = key(number);
    if (!(reply instanceof byte[] value)
        || value.length != VALUE_BYTES
        || !Arrays.equals(value, 0, key.length, key, 0, key.length)) {
      throw new IOException("key " + number + " does not have a value that was written");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  /** The command line: names and numbers. */
  @SuppressWarnings("ArrayRecordComponent") // read, never compared
  private record Options(String[] args) {

    long number(String name, long otherwise) {
      for (int i = 0; i + 1 < args.length; i += 2) {
        if (args[i].equals(name)) {
          return Long.parseLong(args[i + 1]);
        }
      }
      if (otherwise < 0) {
        throw new IllegalArgumentException(name + " must be given");
      }
      return otherwise;
    }
  }
}
