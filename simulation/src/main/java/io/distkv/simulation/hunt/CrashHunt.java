package io.distkv.simulation.hunt;

import io.distkv.simulation.linearizability.HistoryCheck;
import io.distkv.simulation.world.Tally;
import io.distkv.simulation.world.Trace;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Hunts for seeds whose crashes lose, tear or invent something. A seed that fails is printed with
 * the way to replay it, and ends the hunt.
 *
 * <p>The launcher runs it: {@code ./distkv simulate --help} prints its options.
 */
public final class CrashHunt {
  private static final Duration PROGRESS = Duration.ofSeconds(10);

  private static final String USAGE =
      """
      usage: ./distkv simulate [--of WHAT] [--seed S] [--seeds N] [--budget TIME] [--trace]
             ./distkv simulate --check FILE [--steps N]

      Runs WHAT on a simulated disk, clock and scheduler, again and again, each time from another
      seed; crashes it in every way that is known; and compares what is left with what was promised.
      Ends with the first seed that breaks a promise, and prints how to replay it.

        --of WHAT      cluster (the default): nodes, the network between them, clients, and faults;
                       node, tree or journal: one of it alone, and crashes;
                       node-variants or tree-variants: the same work in many configurations;
                       rot, rot-some-bytes or rot-every-byte: what a stopped node's files suffer
        --seed S       run this seed alone, or begin with it where there is also --seeds or --budget
        --seeds N      run N seeds
        --budget TIME  run seeds for so long: 30s, 10m, 2h
        --trace        print every event
        --help         print this
        --check FILE   hunt for nothing, but say of every key in a history whether it is linearizable
        --steps N      where N steps do not tell, say that it is undecided

      The last line after one seed is its trace hash: the same seed gives the same hash everywhere.
      Exit status: 0 nothing was found, 1 a promise was broken, 2 wrong command line.
      Of --check: 0 all linearizable, 1 a key is not, 2 some are undecided, 3 no history to check.
      """;

  private final PrintStream out;
  private final Tally tally = new Tally();
  private long seedsRun;
  private long requests;
  private long powerCuts;
  private long lives;
  private String lastTraceHash = "";

  CrashHunt(PrintStream out) {
    this.out = out;
  }

  /** Exits with 0 if nothing was found, 1 if something was, 2 if the arguments are wrong. */
  public static void main(String[] args) {
    System.exit(new CrashHunt(System.out).run(args));
  }

  int run(String[] args) {
    if (List.of(args).contains("--help")) {
      out.print(USAGE);
      return 0;
    }
    if (args.length > 0 && args[0].equals("--check")) {
      return new HistoryCheck(out).run(List.of(args).subList(1, args.length));
    }
    Plan plan;
    try {
      plan = Plan.of(args);
    } catch (IllegalArgumentException e) {
      out.println(e.getMessage());
      out.println();
      out.print(USAGE);
      return 2;
    }
    long start = System.nanoTime();
    long shown = start;
    for (long seed = plan.firstSeed; plan.goesOn(seedsRun, System.nanoTime() - start); seed++) {
      if (!runSeed(seed, plan)) {
        return 1;
      }
      long now = System.nanoTime();
      if (now - shown >= PROGRESS.toNanos()) {
        shown = now;
        progress(seed, now - start);
      }
    }
    progress(plan.firstSeed + seedsRun - 1, System.nanoTime() - start);
    out.println("taken: " + String.join(", ", tally.taken()));
    if (!tally.neverTaken().isEmpty()) {
      out.println("never taken: " + String.join(", ", tally.neverTaken()));
    }
    if (seedsRun == 1) {
      out.println("trace hash: " + lastTraceHash);
    }
    return 0;
  }

  private boolean runSeed(long seed, Plan plan) {
    Trace trace = plan.trace ? new Trace(out::println) : new Trace();
    try {
      Scenario.Outcome outcome = plan.scenario.run(seed, trace);
      seedsRun++;
      requests += outcome.requests();
      powerCuts += outcome.powerCuts();
      lives += outcome.lives();
      tally.add(trace.tally());
      lastTraceHash = outcome.traceHash();
      return true;
    } catch (RuntimeException | Error e) {
      out.println("seed " + seed + " failed after " + trace.events() + " events:");
      e.printStackTrace(out);
      out.println(
          "replay it with: ./distkv simulate --of " + plan.of + " --seed " + seed + " --trace");
      out.println("trace hash: " + trace.hex());
      return false;
    }
  }

  private void progress(long seed, long nanos) {
    out.printf(
        "%d seeds (to %d), %d lives, %d power cuts, %d requests in %.0f s: nothing found%n",
        seedsRun, seed, lives, powerCuts, requests, nanos / 1e9);
  }

  /** What to run. */
  private record Plan(
      String of, Scenario scenario, long firstSeed, long seeds, long budgetNanos, boolean trace) {

    static Plan of(String[] args) {
      long first = new SplittableRandom().nextLong() >>> 1;
      long seeds = -1;
      long budgetNanos = -1;
      boolean given = false;
      String of = "cluster";
      boolean trace = false;
      for (int i = 0; i < args.length; i++) {
        String value = i + 1 < args.length ? args[i + 1] : "";
        switch (args[i]) {
          case "--seed" -> {
            first = number(args[i], value);
            given = true;
            i++;
          }
          case "--seeds" -> {
            seeds = number(args[i], value);
            i++;
          }
          case "--budget" -> {
            budgetNanos = nanos(value);
            i++;
          }
          case "--of" -> {
            of = value;
            i++;
          }
          case "--trace" -> trace = true;
          default -> throw new IllegalArgumentException("unknown argument " + args[i]);
        }
      }
      if (seeds < 0 && budgetNanos < 0) {
        if (!given) {
          throw new IllegalArgumentException("how long to hunt? give --budget, --seeds or --seed");
        }
        seeds = 1;
      }
      return new Plan(of, Scenario.named(of), first, seeds, budgetNanos, trace);
    }

    boolean goesOn(long seedsRun, long nanosRun) {
      return (seeds < 0 || seedsRun < seeds) && (budgetNanos < 0 || nanosRun < budgetNanos);
    }

    private static long number(String name, String value) {
      try {
        return Long.parseLong(value);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(name + " needs a number, not '" + value + "'", e);
      }
    }

    private static long nanos(String value) {
      if (!value.matches("[0-9]{1,6}[smh]")) {
        throw new IllegalArgumentException(
            "--budget needs a time such as 30s, not '" + value + "'");
      }
      long number = Long.parseLong(value.substring(0, value.length() - 1));
      Duration budget =
          switch (value.charAt(value.length() - 1)) {
            case 's' -> Duration.ofSeconds(number);
            case 'm' -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
          };
      return budget.toNanos();
    }
  }
}
