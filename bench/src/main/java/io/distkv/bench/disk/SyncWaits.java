package io.distkv.bench.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Measures how long the disk takes for a small write with fdatasync, alone and while another thread
 * writes files as compactions do, in synced pieces at a steady rate. No node does better than this.
 */
@Command(
    name = "bench/disk",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Measures how long synced writes take, alone and beside others, or what they cost.")
public final class SyncWaits implements Runnable {
  private static final int PIECE_BYTES = 8 << 20;
  private static final int FILE_BYTES = 64 << 20;
  private static final int PAUSE_MILLIS = 2;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--bytes", description = "Bytes of a write.", defaultValue = "4096")
  private int bytes;

  @Option(
      names = "--beside-mib",
      description = "MiB a second that others write meanwhile; 0 for nobody.",
      defaultValue = "0")
  private int besideMib;

  @Option(
      names = "--processors",
      description = "Measure what a write takes of the processors instead, by threads that count.")
  private boolean processors;

  @Option(names = "--seconds", description = "How long.", defaultValue = "20")
  private int seconds;

  @Option(names = "--folder", description = "Where to write.", required = true)
  private Path folder = Path.of("");

  private volatile boolean over;

  public static void main(String[] args) {
    System.exit(new CommandLine(new SyncWaits()).execute(args));
  }

  @Override
  public void run() {
    require("--bytes", bytes, 1 << 20);
    require("--seconds", seconds, 3600);
    if (processors && besideMib > 0) {
      throw new ParameterException(
          spec.commandLine(), "--processors measures without other writes: leave --beside-mib out");
    }
    System.err.println("writing for " + seconds + " s");
    try {
      if (processors) {
        System.out.println(cost());
        return;
      }
      FutureTask<Double> beside = new FutureTask<>(this::writeBeside);
      if (besideMib > 0) {
        Thread.ofPlatform().daemon().name("beside").start(beside);
      }
      long[] waits = measure();
      over = true;
      System.out.printf(
          Locale.ROOT,
          "%d writes of %d B with fdatasync beside %.0f MiB/s: p50 %.2f ms, p99 %.1f ms, p99.9 %.1f"
              + " ms, longest %.1f ms%n",
          waits.length,
          bytes,
          besideMib > 0 ? beside.get() : 0,
          millis(waits, 0.5),
          millis(waits, 0.99),
          millis(waits, 0.999),
          millis(waits, 1));
    } catch (Exception e) {
      throw new IllegalStateException("the measurement stopped: " + e.getMessage(), e);
    }
  }

  private void require(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new ParameterException(
          spec.commandLine(), option + " must be from 1 to " + most + ", not " + value);
    }
  }

  /** Writes into a file whose space is there, as the journal does; nanoseconds, sorted. */
  private long[] measure() throws IOException, InterruptedException {
    long[] waits = new long[seconds * 1_000];
    int count = 0;
    try (FileChannel file = create("measured")) {
      fill(file);
      ByteBuffer piece = noise(bytes);
      long end = System.nanoTime() + seconds * 1_000_000_000L;
      for (long now = System.nanoTime();
          now < end && count < waits.length;
          now = System.nanoTime()) {
        file.write(piece.rewind(), (long) count * bytes % (FILE_BYTES - bytes));
        file.force(false);
        waits[count++] = System.nanoTime() - now;
        Thread.sleep(PAUSE_MILLIS);
      }
    }
    long[] sorted = Arrays.copyOf(waits, count);
    Arrays.sort(sorted);
    return sorted;
  }

  private String cost() throws IOException, InterruptedException {
    try (FileChannel file = create("measured")) {
      fill(file);
      return new SyncCost(file, noise(bytes), FILE_BYTES).measure(seconds);
    }
  }

  private static void fill(FileChannel file) throws IOException {
    file.write(noise(FILE_BYTES), 0);
    file.force(true);
  }

  /** Answers how many MiB a second it wrote. */
  private double writeBeside() throws IOException, InterruptedException {
    ByteBuffer piece = noise(PIECE_BYTES);
    long start = System.nanoTime();
    long written = 0;
    for (int number = 0; !over; number++) {
      try (FileChannel file = create("beside-" + number % 8)) {
        for (int at = 0; at < FILE_BYTES && !over; at += PIECE_BYTES) {
          file.write(piece.rewind(), at);
          file.force(false);
          written += PIECE_BYTES;
          long due = start + (long) (written / (besideMib * 1048576.0) * 1e9);
          Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
        }
      }
    }
    return written / 1048576.0 / ((System.nanoTime() - start) / 1e9);
  }

  private FileChannel create(String name) throws IOException {
    Files.createDirectories(folder);
    return FileChannel.open(
        folder.resolve(name),
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  private static ByteBuffer noise(int bytes) {
    byte[] noise = new byte[bytes];
    new SplittableRandom(bytes).nextBytes(noise);
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes);
    return direct.put(noise).flip();
  }

  private static double millis(long[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e6;
  }
}
