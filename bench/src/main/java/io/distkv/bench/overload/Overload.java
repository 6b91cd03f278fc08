package io.distkv.bench.overload;

import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Finds the load that a node can just carry, then offers it that much and twice that much. */
@Command(
    name = "bench/overload",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Measures how many batches of synced puts over gRPC a node gets done at most, then offers it"
          + " as many, and twice as many, whatever becomes of them.",
      "Goal: at twice the load the p99 of what it takes is at most twice that at the load it can"
          + " carry, and the rest is refused with OVERLOADED."
    })
public final class Overload implements Runnable {
  private static final int FLOOD = 2;
  private static final Duration SETTLE = Duration.ofSeconds(2);

  @Option(names = "--runs", description = "Rounds, each printed.", defaultValue = "3")
  private int runs;

  @Option(names = "--seconds", description = "Length of a measurement.", defaultValue = "10")
  private int seconds;

  @Option(names = "--warm-up-seconds", description = "Load before all.", defaultValue = "45")
  private int warmUpSeconds;

  @Option(
      names = "--in-flight",
      description = "Batches at once where the load is found that the node can carry.",
      defaultValue = "256")
  private int inFlight;

  @Option(names = "--puts", description = "Puts of a batch.", defaultValue = "50")
  private int puts;

  @Option(names = "--bytes", description = "Bytes of a value.", defaultValue = "64")
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
        Phase.Outcome capacity = new Phase(batches).closed(inFlight, SETTLE, length);
        print(inFlight + " at once", capacity);
        // More are done when more wait: what gets done at most is seen under more than can be.
        Phase.Outcome flood =
            new Phase(batches).open(FLOOD * capacity.takenPerSecond(), SETTLE, length);
        print("a flood", flood);
        double most = Math.max(capacity.takenPerSecond(), flood.takenPerSecond());
        Phase.Outcome saturated = new Phase(batches).open(most, SETTLE, length);
        print("as many as it carries", saturated);
        Phase.Outcome twice = new Phase(batches).open(2 * most, SETTLE, length);
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
