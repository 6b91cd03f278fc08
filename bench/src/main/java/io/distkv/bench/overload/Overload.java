package io.distkv.bench.overload;

import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Finds the load that saturates a node, then offers it twice that much. */
@Command(
    name = "bench/overload",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Offers a node batches of synced puts over gRPC, whatever becomes of them: in steps of a tenth"
          + " more and more, until it does not get all of them done; then twice as many.",
      "Goal: at twice the load the p99 of what it takes is at most twice that at the load that"
          + " saturates it, and the rest is refused with OVERLOADED."
    })
public final class Overload implements Runnable {
  private static final double STEP = 1.1;
  private static final double ALL = 0.99;
  private static final Duration SETTLE = Duration.ofSeconds(2);

  @Option(names = "--runs", description = "Rounds, each printed.", defaultValue = "3")
  private int runs;

  @Option(names = "--seconds", description = "Length of a measurement.", defaultValue = "10")
  private int seconds;

  @Option(names = "--warm-up-seconds", description = "Load before all.", defaultValue = "45")
  private int warmUpSeconds;

  @Option(
      names = "--in-flight",
      description = "Batches at once where it is found about how many the node gets done.",
      defaultValue = "256")
  private int inFlight;

  @Option(names = "--puts", description = "Puts of a batch.", defaultValue = "500")
  private int puts;

  @Option(names = "--bytes", description = "Bytes of a value.", defaultValue = "8")
  private int valueBytes;

  @Option(names = "--node", hidden = true, required = true)
  private String node = "";

  public static void main(String[] args) {
    System.exit(new CommandLine(new Overload()).execute(args));
  }

  @Override
  public void run() {
    Duration length = Duration.ofSeconds(seconds);
    try (Batches batches = new Batches(node, puts, valueBytes)) {
      System.err.println("warming up");
      new Phase(batches).closed(inFlight, Duration.ZERO, Duration.ofSeconds(warmUpSeconds));
      System.out.printf(
          "%-26s%11s%11s%11s%8s%10s%10s%14s%n",
          "batches",
          "offered/s",
          "taken/s",
          "refused/s",
          "others",
          "p50, ms",
          "p99, ms",
          "refused p99");
      for (int round = 1; round <= runs; round++) {
        Phase.Outcome closed = new Phase(batches).closed(inFlight, SETTLE, length);
        print(inFlight + " at once", closed);
        Phase.Outcome saturated = saturated(batches, closed.takenPerSecond() / STEP, length);
        Phase.Outcome twice =
            new Phase(batches).open(2 * saturated.offeredPerSecond(), SETTLE, length);
        print("twice as many", twice);
        System.out.printf(
            Locale.ROOT,
            "run %d of %d: p99 at twice the load %.2f x (goal 2), done %.2f x%n",
            round,
            runs,
            twice.tailMillis() / saturated.tailMillis(),
            twice.takenPerSecond() / saturated.takenPerSecond());
      }
    }
  }

  /** What came of the first load of which not all was done. */
  private static Phase.Outcome saturated(Batches batches, double from, Duration length) {
    for (double perSecond = from; ; perSecond *= STEP) {
      Phase.Outcome outcome = new Phase(batches).open(perSecond, SETTLE, length);
      if (outcome.takenPerSecond() < ALL * perSecond) {
        print("more than it gets done", outcome);
        return outcome;
      }
      print("all done", outcome);
    }
  }

  private static void print(String title, Phase.Outcome outcome) {
    System.out.printf(
        Locale.ROOT,
        "%-26s%11.0f%11.0f%11.0f%8d%10.2f%10.2f%14.2f%n",
        title,
        outcome.offeredPerSecond(),
        outcome.takenPerSecond(),
        outcome.refusedPerSecond(),
        outcome.others(),
        outcome.medianMillis(),
        outcome.tailMillis(),
        outcome.refusedTailMillis());
  }
}
