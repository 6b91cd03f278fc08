package io.distkv.bench.watch;

import com.google.protobuf.ByteString;
import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.api.v1.WatchRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes keys that many watch, together or each its own, and counts what they are told. */
@Command(
    name = "bench/watch",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Writes keys under one prefix that many watch over gRPC, or keys of which each has a watcher"
          + " of its own, and counts what they are told.",
      "Goal: all of it, at 5 µs of the node's processor time for each change told to each watcher;"
          + " what the writes themselves cost is in that.",
      "What the node refuses is written again, and counted."
    })
public final class WatchFanOut implements Runnable {
  private static final String PREFIX = "hot:";
  private static final int KEYS = 1_000;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  @Option(names = "--runs", description = "Rounds, each printed.", defaultValue = "3")
  private int runs;

  @Option(names = "--seconds", description = "Length of the writing.", defaultValue = "10")
  private int seconds;

  @Option(names = "--watchers", description = "How many watch.", defaultValue = "1000")
  private int watchers;

  @Option(names = "--apart", description = "Each watches a key of its own, not all the prefix.")
  private boolean apart;

  @Option(names = "--writes", description = "Writes a second.", defaultValue = "2000")
  private int writesPerSecond;

  @Option(names = "--connections", description = "Of the watchers.", defaultValue = "8")
  private int connections;

  @Option(names = "--bytes", description = "Bytes of a value.", defaultValue = "64")
  private int valueBytes;

  @Option(names = "--node", hidden = true, required = true)
  private String node = "";

  @Option(names = "--node-pid", hidden = true, required = true)
  private long nodePid;

  public static void main(String[] args) {
    System.exit(new CommandLine(new WatchFanOut()).execute(args));
  }

  @Override
  public void run() {
    System.out.printf(
        "%-8s%12s%10s%12s%14s%14s%12s%12s%14s%n",
        "run",
        "writes/s",
        "refused",
        "told/s",
        "of all, %",
        "a message",
        "lag p50 ms",
        "lag p99 ms",
        "server µs");
    try {
      for (int run = 1; run <= runs; run++) {
        measure(run);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("stopped", e);
    }
  }

  private void measure(int run) throws InterruptedException {
    List<ManagedChannel> channels = new ArrayList<>();
    for (int i = 0; i <= connections; i++) {
      channels.add(NettyChannelBuilder.forTarget(node).usePlaintext().directExecutor().build());
    }
    try {
      Histogram lag = new ConcurrentHistogram(PATIENCE_NANOS, 3);
      List<Watcher> all = new ArrayList<>();
      for (int i = 0; i < watchers; i++) {
        ManagedChannel channel = channels.get(1 + i % connections);
        all.add(Watcher.start(channel, keysOf(i), apart || i == 0 ? lag : null));
      }
      await(all, (_, watcher) -> watcher.hasBegun(), "not all watches have begun");
      ProcessHandle server = ProcessHandle.of(nodePid).orElseThrow();
      Duration before = server.info().totalCpuDuration().orElseThrow();
      long began = System.nanoTime();
      long written = (long) seconds * writesPerSecond;
      SteadyWriter writer =
          new SteadyWriter(
              KeyValueGrpc.newStub(channels.getFirst()),
              PREFIX,
              apart ? watchers : KEYS,
              valueBytes);
      writer.write(written, writesPerSecond, PATIENCE_NANOS);
      double writing = (System.nanoTime() - began) / 1e9;
      await(all, (i, watcher) -> watcher.changes() >= awaited(i, written), "not all was told");
      double telling = (System.nanoTime() - began) / 1e9;
      Duration used = server.info().totalCpuDuration().orElseThrow().minus(before);
      print(run, all, written, writer.refusals(), writing, telling, lag, used);
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  private WatchRequest keysOf(int watcher) {
    WatchRequest.Builder keys = WatchRequest.newBuilder();
    return apart
        ? keys.setKey(ByteString.copyFromUtf8(PREFIX + watcher)).build()
        : keys.setPrefix(ByteString.copyFromUtf8(PREFIX)).build();
  }

  /** Of how many writes a watcher is told. */
  private long awaited(int watcher, long written) {
    return apart ? (written + watchers - 1 - watcher) / watchers : written;
  }

  private void print(
      int run,
      List<Watcher> all,
      long written,
      long refusals,
      double writing,
      double telling,
      Histogram lag,
      Duration used) {
    long told = all.stream().mapToLong(Watcher::changes).sum();
    long messages = all.stream().mapToLong(Watcher::messages).sum();
    System.out.printf(
        Locale.ROOT,
        "%-8d%12.0f%10d%12.0f%14.3f%14.1f%12.2f%12.2f%14.3f%n",
        run,
        written / writing,
        refusals,
        told / telling,
        100.0 * told / (apart ? written : written * watchers),
        (double) told / messages,
        lag.getValueAtPercentile(50) / 1e6,
        lag.getValueAtPercentile(99) / 1e6,
        used.toNanos() / 1e3 / told);
  }

  /** What must hold of a watcher in the end. */
  private interface Goal {
    boolean reachedBy(int number, Watcher watcher);
  }

  private static void await(List<Watcher> all, Goal goal, String otherwise)
      throws InterruptedException {
    long patience = System.nanoTime() + PATIENCE_NANOS;
    for (int i = 0; i < all.size(); i++) {
      Watcher watcher = all.get(i);
      while (!goal.reachedBy(i, watcher)) {
        if (watcher.ended() != null || System.nanoTime() - patience > 0) {
          throw new IllegalStateException(
              otherwise + ": " + watcher.changes() + " changes; ended: " + watcher.ended());
        }
        Thread.sleep(1);
      }
    }
  }
}
