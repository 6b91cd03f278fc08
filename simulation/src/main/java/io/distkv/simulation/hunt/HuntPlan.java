package io.distkv.simulation.hunt;

import io.distkv.simulation.cluster.Numbers;
import io.distkv.simulation.cluster.Selection;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What to hunt for and how, as the command line says.
 *
 * @param of the name of the scenario
 * @param seeds how many at most; negative: any number
 * @param budgetNanos for how long; negative: for any time
 * @param trace whether every event is printed
 * @param selection what of a cluster's run is carried out
 * @param html where a page of a cluster's run goes
 * @param history where the history of a cluster's clients goes
 */
record HuntPlan(
    String of,
    Scenario scenario,
    long firstSeed,
    long seeds,
    long budgetNanos,
    boolean trace,
    Selection selection,
    @Nullable Path html,
    @Nullable Path history,
    Shrinking shrinking) {
  static final String CLUSTER = "cluster";

  /**
   * What is done to make a failing run of a cluster small.
   *
   * @param wanted whether anything is
   * @param runs how many at most
   * @param nanos for how long
   */
  record Shrinking(boolean wanted, int runs, long nanos) {}

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException if they make no sense; its message says why
   */
  static HuntPlan of(String[] args) {
    return new Reader(args).read();
  }

  boolean goesOn(long seedsRun, long nanosRun) {
    return (seeds < 0 || seedsRun < seeds) && (budgetNanos < 0 || nanosRun < budgetNanos);
  }

  boolean isOfCluster() {
    return of.equals(CLUSTER);
  }

  /** Whether it is about one seed of a cluster, told in full. */
  boolean isOneCluster() {
    return isOfCluster() && seeds == 1;
  }

  /** The command that runs a seed again. */
  static String command(String of, long seed, Selection selection) {
    List<String> words = new ArrayList<>(List.of("./distkv", "simulate"));
    if (!of.equals(CLUSTER)) {
      words.addAll(List.of("--of", of));
    }
    words.addAll(List.of("--seed", Long.toString(seed)));
    words.addAll(selection.arguments());
    if (!of.equals(CLUSTER)) {
      words.add("--trace");
    }
    return String.join(" ", words);
  }

  /** Takes the arguments one by one. */
  private static final class Reader {
    private final String[] args;
    private int next;
    private String of = CLUSTER;
    private @Nullable Long firstSeed;
    private long seeds = -1;
    private long budgetNanos = -1;
    private boolean trace;
    private Selection selection = Selection.EVERYTHING;
    private @Nullable Path html;
    private @Nullable Path history;
    private @Nullable Boolean shrink;
    private int shrinkRuns = 300;
    private long shrinkNanos = Duration.ofSeconds(60).toNanos();

    Reader(String[] args) {
      this.args = args;
    }

    HuntPlan read() {
      while (next < args.length) {
        String name = args[next];
        next++;
        take(name);
      }
      if (seeds < 0 && budgetNanos < 0) {
        if (firstSeed == null) {
          throw new IllegalArgumentException("how long to hunt? give --budget, --seeds or --seed");
        }
        seeds = 1;
      }
      long first = firstSeed == null ? new SplittableRandom().nextLong() >>> 1 : firstSeed;
      boolean shrinks = shrink == null ? of.equals(CLUSTER) && seeds != 1 : shrink;
      HuntPlan plan =
          new HuntPlan(
              of,
              Scenario.named(of),
              first,
              seeds,
              budgetNanos,
              trace,
              selection,
              html,
              history,
              new Shrinking(shrinks, shrinkRuns, shrinkNanos));
      requireSense(plan);
      return plan;
    }

    private void take(String name) {
      switch (name) {
        case "--seed" -> firstSeed = number(name);
        case "--seeds" -> seeds = count(name);
        case "--budget" -> budgetNanos = time(name).toNanos();
        case "--of" -> of = value(name);
        case "--trace" -> trace = true;
        case "--keep-faults" -> selection = selection.withFaults(numbers(name));
        case "--keep-operations" -> selection = selection.withOperations(numbers(name));
        case "--calm-after" -> selection = selection.withCalmAfterNanos(time(name).toNanos());
        case "--html" -> html = file(name);
        case "--history" -> history = file(name);
        case "--no-shrink" -> requireShrink(false);
        case "--shrink-budget" -> {
          requireShrink(true);
          shrinkNanos = time(name).toNanos();
        }
        case "--shrink-runs" -> {
          requireShrink(true);
          shrinkRuns = (int) Math.min(Integer.MAX_VALUE, count(name));
        }
        default -> throw new IllegalArgumentException("unknown argument " + name);
      }
    }

    private void requireSense(HuntPlan plan) {
      boolean oneRun = html != null || history != null || plan.isSelective();
      if (oneRun && !(plan.isOneCluster() && firstSeed != null)) {
        throw new IllegalArgumentException(
            "--keep-faults, --keep-operations, --calm-after, --html and --history are of one run:"
                + " they need a --seed of a cluster, and neither --seeds nor --budget");
      }
      if (shrink != null && !plan.isOfCluster()) {
        throw new IllegalArgumentException("only runs of a cluster can be shrunk, not " + of);
      }
    }

    private void requireShrink(boolean wanted) {
      if (shrink != null && shrink != wanted) {
        throw new IllegalArgumentException(
            "--no-shrink and --shrink-budget or --shrink-runs exclude each other");
      }
      shrink = wanted;
    }

    private String value(String name) {
      if (next >= args.length || args[next].isEmpty()) {
        throw new IllegalArgumentException(name + " needs a value");
      }
      String value = args[next];
      next++;
      return value;
    }

    private long number(String name) {
      String value = next < args.length ? args[next] : "";
      next++;
      try {
        return Long.parseLong(value);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(name + " needs a number, not '" + value + "'", e);
      }
    }

    private long count(String name) {
      long count = number(name);
      if (count < 1) {
        throw new IllegalArgumentException(name + " needs a number from 1, not '" + count + "'");
      }
      return count;
    }

    private Numbers numbers(String name) {
      String value = value(name);
      try {
        return Numbers.parse(value);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
      }
    }

    private Path file(String name) {
      String value = value(name);
      try {
        return Path.of(value);
      } catch (InvalidPathException e) {
        throw new IllegalArgumentException(name + " needs a file, not '" + value + "'", e);
      }
    }

    private Duration time(String name) {
      String value = next < args.length ? args[next] : "";
      next++;
      if (!value.matches("[0-9]{1,6}(ms|s|m|h)")) {
        throw new IllegalArgumentException(
            name + " needs a time such as 30s or 10m, not '" + value + "'");
      }
      String unit = value.replaceAll("[0-9]", "");
      long number = Long.parseLong(value.substring(0, value.length() - unit.length()));
      return switch (unit) {
        case "ms" -> Duration.ofMillis(number);
        case "s" -> Duration.ofSeconds(number);
        case "m" -> Duration.ofMinutes(number);
        default -> Duration.ofHours(number);
      };
    }
  }

  private boolean isSelective() {
    return !selection.equals(Selection.EVERYTHING);
  }
}
