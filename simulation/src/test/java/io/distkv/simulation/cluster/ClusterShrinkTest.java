package io.distkv.simulation.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.raft.Role;
import io.distkv.simulation.cluster.invariant.Invariant;
import io.distkv.simulation.cluster.timeline.Moment;
import io.distkv.simulation.shrink.Budget;
import io.distkv.simulation.world.Trace;
import io.distkv.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Real runs that break an invariant that is none become small. */
class ClusterShrinkTest {
  private static final long SEED = 9;
  private static final long EVER = Long.MAX_VALUE;

  private final List<String> progress = new ArrayList<>();

  private static Invariant noLeaderIn(long term) {
    return look -> {
      if (look.raft().role() == Role.LEADER && look.raft().term() >= term) {
        throw new Violation(
            "NoLeaderLater: node %d, group %d: leads in term %d"
                .formatted(look.node(), look.group(), look.raft().term()));
      }
    };
  }

  private static ClusterRun run(Selection selection) {
    return new ClusterRun(SEED, new Trace(), selection, List.of(noLeaderIn(2)));
  }

  private ClusterShrink shrink(int runs) {
    Consumer<String> told = progress::add;
    return new ClusterShrink(ClusterShrinkTest::run, new Budget(runs, EVER, () -> 0), told);
  }

  @Test
  void fewFaultsAreLeftAndTheyFailTheSameWay() {
    Budget budget = new Budget(300, EVER, () -> 0);
    ClusterShrink.Failed least =
        new ClusterShrink(ClusterShrinkTest::run, budget, progress::add)
            .shrink(Selection.EVERYTHING)
            .orElseThrow();
    System.out.println(budget.runs() + " runs leave " + least.selection().arguments());
    assertThat(least.failure()).hasMessageStartingWith("NoLeaderLater: ");
    assertThat(numbers(least.selection().faults())).hasSizeBetween(1, 2);
    assertThat(numbers(least.selection().operations())).hasSizeLessThanOrEqualTo(3);
    assertThat(progress).hasSize(budget.runs());
    // It can be replayed, and goes the same way.
    ClusterRun again = run(least.selection());
    assertThat(failureOf(again)).hasMessage(least.failure().getMessage());
    assertThat(again.traceHash()).isEqualTo(least.run().traceHash());
  }

  private static List<Long> numbers(Numbers numbers) {
    return numbers.ranges().stream()
        .flatMap(range -> LongStream.rangeClosed(range.first(), range.last()).boxed())
        .toList();
  }

  private static Throwable failureOf(ClusterRun run) {
    try {
      run.run();
    } catch (Violation e) {
      return e;
    }
    throw new AssertionError("it did not fail");
  }

  @Test
  void aBudgetEndsItWithWhatFailedLast() {
    ClusterShrink.Failed least = shrink(4).shrink(Selection.EVERYTHING).orElseThrow();
    assertThat(least.failure()).hasMessageStartingWith("NoLeaderLater: ");
    assertThat(progress).hasSize(4);
  }

  @Test
  void withoutABudgetThereIsNothing() {
    assertThat(shrink(0).shrink(Selection.EVERYTHING)).isEmpty();
  }

  @Test
  void whatDoesNotFailIsNotShrunk() {
    Selection nothingWrong = Selection.EVERYTHING.withFaults(Numbers.NONE).withCalmAfterNanos(0);
    ClusterShrink shrink =
        new ClusterShrink(
            selection -> new ClusterRun(SEED, new Trace(), selection),
            new Budget(10, EVER, () -> 0),
            progress::add);
    assertThat(shrink.shrink(nothingWrong)).isEmpty();
  }

  /** The faults need not be there, but whatever fails without them fails in another way. */
  @Test
  void anotherFailureIsNoneOfThis() {
    ClusterShrink shrink =
        new ClusterShrink(
            selection ->
                new ClusterRun(
                    SEED,
                    new Trace(),
                    selection,
                    List.of(look -> {
                      throw new Violation(
                          selection.equals(Selection.EVERYTHING) ? "the one" : "the other");
                    })),
            new Budget(20, EVER, () -> 0),
            progress::add);
    ClusterShrink.Failed least = shrink.shrink(Selection.EVERYTHING).orElseThrow();
    assertThat(least.selection()).isEqualTo(Selection.EVERYTHING);
    assertThat(least.run().timeline().moments().getLast()).isInstanceOf(Moment.Broken.class);
  }
}
