package io.distkv.simulation.hunt;

import io.distkv.simulation.cluster.ClusterRun;
import io.distkv.simulation.linearizability.HistoryCheck;
import io.distkv.simulation.world.Tally;
import io.distkv.simulation.world.Trace;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

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
             ./distkv simulate --seed S [--keep-faults LIST] [--keep-operations LIST]
                               [--calm-after TIME] [--html FILE] [--history FILE]
             ./distkv simulate --check FILE [--steps N]

      Runs WHAT on a simulated disk, clock and scheduler, again and again, each time from another
      seed; crashes it in every way that is known; and compares what is left with what was promised.
      Ends with the first seed that breaks a promise, and prints how to replay it. What a cluster
      breaks a promise with is made small first.

        --of WHAT      cluster (the default): nodes, the network between them, clients, and faults;
                       node, tree or journal: one of it alone, and crashes;
                       node-variants or tree-variants: the same work in many configurations;
                       rot, rot-some-bytes or rot-every-byte: what a stopped node's files suffer;
                       steady: five nodes at work for ten minutes, and nothing that goes wrong
        --seed S       run this seed alone, or begin with it where there is also --seeds or --budget;
                       of a cluster's seed alone, a timeline is printed
        --seeds N      run N seeds
        --budget TIME  run seeds for so long: 30s, 10m, 2h
        --trace        print every event
        --help         print this
        --check FILE   hunt for nothing, but say of every key in a history whether it is linearizable
        --steps N      where N steps do not tell, say that it is undecided

      Of one seed of a cluster:
        --keep-faults LIST      carry out these faults alone: 3,7,10-12, all (the default) or none
        --keep-operations LIST  carry out these operations of clients alone, as long as things go wrong
        --calm-after TIME       let nothing go wrong any more after so much virtual time: 4500ms, 10s
        --html FILE             write a page that shows what happened
        --history FILE          write what the clients asked and were told, for --check

      Of a cluster that breaks a promise:
        --no-shrink           do not look for fewer faults and operations that break it, too
        --shrink-budget TIME  look for so long at most (60s); of a seed alone, look at all
        --shrink-runs N       look at so many runs at most (300); of a seed alone, look at all

      The last line after one seed is its trace hash: the same seed gives the same hash everywhere.
      Exit status: 0 nothing was found, 1 a promise was broken, 2 wrong command line.
      Of --check: 0 all linearizable, 1 a key is not, 2 some are undecided, 3 no history to check.
      """;

  private final PrintStream out;
  private final ClusterRuns clusters;
  private final Tally tally = new Tally();
  private long seedsRun;
  private long requests;
  private long powerCuts;
  private long lives;
  private long virtualNanos;
  private String lastTraceHash = "";

  CrashHunt(PrintStream out) {
    this(out, ClusterRun::new);
  }

  /** A hunt whose clusters are made by somebody else. */
  CrashHunt(PrintStream out, ClusterRuns clusters) {
    this.out = out;
    this.clusters = clusters;
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
    HuntPlan plan;
    try {
      plan = HuntPlan.of(args);
    } catch (IllegalArgumentException e) {
      out.println(e.getMessage());
      out.println();
      out.print(USAGE);
      return 2;
    }
    if (plan.isOneCluster()) {
      return new ClusterReport(out, plan, clusters).run(plan.firstSeed());
    }
    return hunt(plan);
  }

  private int hunt(HuntPlan plan) {
    long start = System.nanoTime();
    long shown = start;
    for (long seed = plan.firstSeed(); plan.goesOn(seedsRun, System.nanoTime() - start); seed++) {
      if (!runSeed(seed, plan)) {
        return 1;
      }
      long now = System.nanoTime();
      if (now - shown >= PROGRESS.toNanos()) {
        shown = now;
        progress(seed, now - start);
      }
    }
    progress(plan.firstSeed() + seedsRun - 1, System.nanoTime() - start);
    out.println("taken: " + String.join(", ", tally.taken()));
    if (!tally.neverTaken().isEmpty()) {
      out.println("never taken: " + String.join(", ", tally.neverTaken()));
    }
    if (seedsRun == 1) {
      out.println("trace hash: " + lastTraceHash);
    }
    return 0;
  }

  private boolean runSeed(long seed, HuntPlan plan) {
    Trace trace = plan.trace() ? new Trace(out::println) : new Trace();
    try {
      Scenario scenario = plan.isOfCluster() ? Scenario.of(clusters) : plan.scenario();
      Scenario.Outcome outcome = scenario.run(seed, trace);
      seedsRun++;
      requests += outcome.requests();
      powerCuts += outcome.powerCuts();
      lives += outcome.lives();
      virtualNanos += outcome.virtualNanos();
      tally.add(trace.tally());
      lastTraceHash = outcome.traceHash();
      return true;
    } catch (RuntimeException | Error e) {
      out.println("seed " + seed + " failed after " + trace.events() + " events:");
      e.printStackTrace(out);
      out.println("replay it with: " + HuntPlan.command(plan.of(), seed, plan.selection()));
      if (plan.shrinking().wanted()) {
        new ClusterReport(out, plan, clusters).shrink(seed);
      }
      out.println("trace hash: " + trace.hex());
      return false;
    }
  }

  private void progress(long seed, long nanos) {
    out.printf(
        "%d seeds (to %d), %d lives, %d power cuts, %d requests%s in %.0f s: nothing found%n",
        seedsRun, seed, lives, powerCuts, requests, virtualTime(nanos), nanos / 1e9);
  }

  private String virtualTime(long nanos) {
    double hours = virtualNanos / 3600e9;
    return virtualNanos == 0
        ? ""
        : ", %.2f virtual hours (%.1f a minute)".formatted(hours, hours / (nanos / 60e9));
  }
}
