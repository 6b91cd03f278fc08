package io.distkv.bench.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the same calls with and without a share of them being traced, in turns. */
@Command(
    name = "bench/tracing",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Measures gRPC calls to a node that traces a share of them, and none, in turns.",
      "Goal: at 1% it does 0.97 times as many."
    })
public final class TracingCost implements Runnable {

  @Option(names = "--runs", description = "Rounds whose median is printed.", defaultValue = "15")
  private int runs;

  @Option(names = "--seconds", description = "Length of a measurement.", defaultValue = "4")
  private int seconds;

  @Option(names = "--warm-up-seconds", description = "Load before all.", defaultValue = "60")
  private int warmUpSeconds;

  @Option(names = "--in-flight", description = "Calls at once.", defaultValue = "256")
  private int inFlight;

  @Option(names = "--bytes", description = "Bytes of a value.", defaultValue = "256")
  private int valueBytes;

  @Option(names = "--keys", description = "Keys, in any order.", defaultValue = "100000")
  private int keyCount;

  @Option(names = "--share", description = "What is traced.", defaultValue = "1%")
  private String share = "";

  @Option(names = "--node", hidden = true, required = true)
  private String node = "";

  @Option(names = "--node-pid", hidden = true, required = true)
  private long nodePid;

  @Option(names = "--resp-port", hidden = true, required = true)
  private int respPort;

  public static void main(String[] args) {
    System.exit(new CommandLine(new TracingCost()).execute(args));
  }

  @Override
  public void run() {
    Work work = new Work(keyCount, valueBytes);
    System.out.printf(
        "%-24s%12s%12s%12s%12s%10s%n", "", "off/s", "on/s", "off, µs", "on, µs", "on/off");
    try {
      for (Side side : List.of(Side.NODE_PUT, Side.NODE_GET)) {
        compare(side, work);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("stopped", e);
    }
  }

  private void compare(Side side, Work work) throws InterruptedException {
    List<Result> off = new ArrayList<>();
    List<Result> on = new ArrayList<>();
    try (Contender contender = side.connect(node, work)) {
      System.err.println("warming up: " + side.title());
      trace(share);
      measure(contender, warmUpSeconds);
      for (int round = 0; round < 2 * runs; round++) {
        // on, off, off, on, on, off: what drifts with time meets both alike.
        boolean traced = (round + 1) / 2 % 2 == 0;
        trace(traced ? share : "0%");
        (traced ? on : off).add(measure(contender, seconds));
      }
    }
    Result without = Result.median(off);
    Result with = Result.median(on);
    System.out.printf(
        Locale.ROOT,
        "%-24s%12.0f%12.0f%12.2f%12.2f%10.3f%n",
        side.title(),
        without.rate(),
        with.rate(),
        without.serverMicros(),
        with.serverMicros(),
        with.rate() / without.rate());
  }

  private Result measure(Contender contender, int lengthSeconds) throws InterruptedException {
    return new Load(contender, inFlight)
        .run(
            Duration.ofSeconds(lengthSeconds),
            Long.MAX_VALUE,
            ProcessHandle.of(nodePid).orElseThrow());
  }

  private void trace(String newShare) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), respPort)) {
      socket
          .getOutputStream()
          .write(("CONFIG SET tracing.share " + newShare + "\r\n").getBytes(US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(5);
      if (!new String(answer, US_ASCII).equals("+OK\r\n")) {
        throw new IllegalStateException("the node does not trace: " + new String(answer, US_ASCII));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
