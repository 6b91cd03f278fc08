package io.distkv.simulation.cluster;

import io.distkv.simulation.cluster.timeline.Asked;
import io.distkv.simulation.cluster.timeline.Moment;
import io.distkv.simulation.shrink.Budget;
import io.distkv.simulation.shrink.DeltaDebugging;
import io.distkv.simulation.world.VirtualTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out of a run that fails what it fails without: faults first, then operations, then the
 * time in which nothing more goes wrong; and all of it again, as long as anything goes. A run that
 * fails in another way counts as one that does not fail.
 */
public final class ClusterShrink {
  /**
   * A run that failed while things went wrong is given up when it takes twice as long, and this.
   */
  private static final long PATIENCE_NANOS = 2 * VirtualTime.SECOND;

  private final Function<Selection, ClusterRun> runs;
  private final Budget budget;
  private final Consumer<String> progress;
  private @Nullable FailureKind wanted;
  private @Nullable Failed smallest;
  private long abandonAfterNanos = Long.MAX_VALUE;

  /** A run that failed. */
  public record Failed(Selection selection, ClusterRun run, Throwable failure) {}

  /**
   * @param runs makes a run of the seed
   * @param progress is told after every run how small it is by now
   */
  public ClusterShrink(
      Function<Selection, ClusterRun> runs, Budget budget, Consumer<String> progress) {
    this.runs = runs;
    this.budget = budget;
    this.progress = progress;
  }

  /**
   * Shrinks.
   *
   * @param from a selection known to fail
   * @return the smallest run that was found to fail in the same way; empty if the selection itself
   *     does not fail any more, or the budget was empty
   */
  public Optional<Failed> shrink(Selection from) {
    if (!fails(from)) {
      return Optional.empty();
    }
    Selection before;
    do {
      before = smallest().selection();
      withFewerFaults();
      withFewerOperations();
      withLessTime();
    } while (!smallest().selection().equals(before) && !budget.isSpent());
    return Optional.of(smallest());
  }

  private Failed smallest() {
    return Objects.requireNonNull(smallest, "nothing has failed yet");
  }

  private void withFewerFaults() {
    Selection from = smallest().selection();
    DeltaDebugging.shrink(faults(), kept -> fails(from.withFaults(Numbers.of(kept))));
  }

  private void withFewerOperations() {
    Selection from = smallest().selection();
    DeltaDebugging.shrink(operations(), kept -> fails(from.withOperations(Numbers.of(kept))));
  }

  /** Lets the calm come sooner, if the run fails after that, to a millisecond. */
  private void withLessTime() {
    Selection from = smallest().selection();
    long calmNanos = calmNanos();
    if (calmNanos == Long.MAX_VALUE) {
      return;
    }
    long leastNanos = lastFaultNanos() + VirtualTime.MILLI;
    for (int quarter = 0; quarter < 4; quarter++) {
      long nanos = leastNanos + (calmNanos - leastNanos) / 4 * quarter;
      long wholeMillis = nanos / VirtualTime.MILLI * VirtualTime.MILLI;
      if (calmNanos - wholeMillis >= VirtualTime.SECOND
          && fails(from.withCalmAfterNanos(wholeMillis))) {
        return;
      }
    }
  }

  /** Whether a run fails in the wanted way; if so, it is the smallest from here on. */
  private boolean fails(Selection selection) {
    if (!budget.take()) {
      return false;
    }
    ClusterRun run = runs.apply(selection);
    run.abandonAfter(abandonAfterNanos);
    Throwable failure = failureOf(run);
    boolean fails = failure != null && (wanted == null || wanted.equals(FailureKind.of(failure)));
    if (failure != null && fails) {
      if (wanted == null) {
        wanted = FailureKind.of(failure);
      }
      smallest = new Failed(selection, run, failure);
      abandonAfterNanos =
          calmNanos() == Long.MAX_VALUE
              ? 2 * run.timeline().endNanos() + PATIENCE_NANOS
              : Long.MAX_VALUE;
    }
    tellProgress();
    return fails;
  }

  private static @Nullable Throwable failureOf(ClusterRun run) {
    try {
      run.run();
      return null;
    } catch (RuntimeException | Error e) {
      return e;
    }
  }

  private void tellProgress() {
    if (smallest != null) {
      progress.accept(
          "%d runs; left are %d faults and %d operations"
              .formatted(budget.runs(), faults().size(), operations().size()));
    }
  }

  private List<Long> faults() {
    return smallest().run().timeline().moments().stream()
        .filter(Moment.Struck.class::isInstance)
        .map(moment -> (long) ((Moment.Struck) moment).number())
        .toList();
  }

  /** Those that can be left out. */
  private List<Long> operations() {
    return smallest().run().timeline().operations().stream()
        .filter(asked -> asked.beginNanos() < calmNanos())
        .map(Asked::number)
        .toList();
  }

  /** When nothing went wrong any more; never, if the run failed before. */
  private long calmNanos() {
    return smallest().run().timeline().moments().stream()
        .filter(Moment.Calm.class::isInstance)
        .mapToLong(Moment::nanos)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  private long lastFaultNanos() {
    return smallest().run().timeline().moments().stream()
        .filter(Moment.Struck.class::isInstance)
        .mapToLong(Moment::nanos)
        .max()
        .orElse(0);
  }
}
