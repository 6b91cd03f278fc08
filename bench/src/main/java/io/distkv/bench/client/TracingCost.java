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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Measures the same calls with and without a share of them being traced, in turns. A machine whose
 * other half belongs to somebody else does a third more in one second and less in the next. So the
 * turns are short and many, each is compared with the one beside it, and what these comparisons
 * come to is told with its standard error.
 */
@Command(
    name = "bench/tracing",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Measures gRPC calls to a node that traces a share of them, and none, in turns.",
      "The ratio is the geometric mean of each turn's to that of the one beside it; behind it is "
          + "its standard error.",
      "Goal: at 1%% it does 0.97 times as many."
    })
public final class TracingCost implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--pairs", description = "Turns with, and without.", defaultValue = "150")
  private int pairs;

  @Option(names = "--millis", description = "Length of a turn.", defaultValue = "300")
  private int millis;

  @Option(
      names = "--settle-millis",
      description =
          "Load before each turn: what a turn leaves to be sent does not fall to the next.",
      defaultValue = "500")
  private int settleMillis;

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
    if (pairs < 2) {
      throw new ParameterException(
          spec.commandLine(), "--pairs must be at least 2, or there is no error to tell: " + pairs);
    }
    Work work = new Work(keyCount, valueBytes);
    System.out.printf(
        "%-24s%12s%12s%12s%12s%10s%10s%n",
        "", "off/s", "on/s", "off, µs", "on, µs", "on/off", "+-");
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
      load(contender, Duration.ofSeconds(warmUpSeconds));
      for (int turn = 0; turn < 2 * pairs; turn++) {
        // on, off, off, on, on, off: what drifts with time meets both alike.
        boolean traced = (turn + 1) / 2 % 2 == 0;
        trace(traced ? share : "0%");
        load(contender, Duration.ofMillis(settleMillis));
        (traced ? on : off).add(load(contender, Duration.ofMillis(millis)));
        if (turn % 50 == 49) {
          System.err.printf("%s: %d of %d turns%n", side.title(), turn + 1, 2 * pairs);
        }
      }
    }
    Result without = Result.median(off);
    Result with = Result.median(on);
    Ratio ratio = Ratio.ofPairs(on, off);
    System.out.printf(
        Locale.ROOT,
        "%-24s%12.0f%12.0f%12.2f%12.2f%10.3f%10.3f%n",
        side.title(),
        without.rate(),
        with.rate(),
        without.serverMicros(),
        with.serverMicros(),
        ratio.mean(),
        ratio.standardError());
  }

  private Result load(Contender contender, Duration length) throws InterruptedException {
    return new Load(contender, inFlight)
        .run(length, Long.MAX_VALUE, ProcessHandle.of(nodePid).orElseThrow());
  }

  /**
   * How many times as many.
   *
   * @param mean the geometric one of all pairs
   * @param standardError of that mean
   */
  private record Ratio(double mean, double standardError) {
    static Ratio ofPairs(List<Result> these, List<Result> those) {
      int count = these.size();
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < count; i++) {
        double log = Math.log(these.get(i).rate() / those.get(i).rate());
        sum += log;
        squares += log * log;
      }
      double mean = sum / count;
      double variance = (squares - count * mean * mean) / (count - 1);
      return new Ratio(Math.exp(mean), Math.exp(mean) * Math.sqrt(variance / count));
    }
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
