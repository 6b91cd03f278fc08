package io.distkv.simulation.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.simulation.linearizability.RandomClients.Habits;
import io.distkv.simulation.world.SimulatedRandomness;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The search against what is known otherwise, and what it costs, in steps. */
class SearchTest {
  private static final int SMALL_SEEDS = 30_000;

  @Test
  void smallHistoriesHaveTheVerdictThatTryingEverythingGives() {
    int linearizable = 0;
    int violations = 0;
    for (long seed = 0; seed < SMALL_SEEDS; seed++) {
      History history = small(seed);
      List<Call> calls = history.callsByKey().firstEntry().getValue();
      Verdict verdict = Linearizability.check(history, 100_000).getFirst();
      switch (verdict) {
        case Verdict.Linearizable _ -> {
          linearizable++;
          assertThat(BruteForce.explains(calls)).as("seed %d: %s", seed, calls).isTrue();
        }
        case Verdict.Violation violation -> {
          violations++;
          int end = violation.unexplained().endedAt();
          assertThat(BruteForce.explains(calls, end)).as("seed %d: %s", seed, calls).isFalse();
          assertThat(BruteForce.explains(calls, end - 1)).as("seed %d: %s", seed, calls).isTrue();
        }
        case Verdict.Undecided _ -> throw new AssertionError("seed " + seed + ": " + verdict);
      }
    }
    assertThat(linearizable).isGreaterThan(SMALL_SEEDS / 10);
    assertThat(violations).isGreaterThan(SMALL_SEEDS / 10);
  }

  private static History small(long seed) {
    SimulatedRandomness random = new SimulatedRandomness(seed);
    int operations = 2 + random.below(6);
    Habits habits =
        new Habits(
            operations,
            1 + random.below(4),
            random.below(60),
            random.below(40),
            random.chance(50) ? 0 : random.below(40),
            random.below(20),
            random.chance(30) ? 0 : random.below(50),
            random.below(20),
            1 + random.below(4));
    return new RandomClients(seed, habits).spoilFrom(random.below(operations + 2)).run();
  }

  // operations, clients, percents (writes, swaps, additions, deletions, unknown, failed), values
  // (0: each its own), most steps
  @ParameterizedTest
  @CsvSource({
    "5000, 10, 50,  0,  0,  0,  0, 0,  0, 10000",
    "5000, 10, 50,  0,  0,  0,  5, 5,  0, 10000",
    "5000, 10, 50,  0,  0,  0, 20, 5,  0, 10000",
    "5000, 30, 70,  0,  0,  0, 10, 0,  0, 20000",
    "5000, 10, 40,  0,  0, 10, 10, 0,  0, 20000",
    "5000, 10, 30, 30,  0,  0,  5, 5,  0, 20000",
    "5000, 10, 40, 20,  0,  5,  1, 0,  3, 100000",
    "5000, 10,  0,  0, 50,  0,  0, 0,  0, 20000",
    "500, 10, 20, 20, 20,  5,  1, 0,  0, 100000",
  })
  void whatARightKeyAnsweredIsLinearizable(
      int operations,
      int clients,
      int writes,
      int swaps,
      int additions,
      int deletions,
      int unknown,
      int failed,
      int values,
      long mostSteps) {
    Habits habits =
        new Habits(
            operations, clients, writes, swaps, additions, deletions, unknown, failed, values);
    for (long seed = 0; seed < 20; seed++) {
      History history = new RandomClients(seed, habits).run();
      Verdict verdict = Linearizability.check(history, 5_000_000).getFirst();
      assertThat(verdict)
          .as("seed %d: %s", seed, verdict.message())
          .isInstanceOf(Verdict.Linearizable.class);
      assertThat(verdict.steps()).as("steps of seed %d", seed).isLessThan(mostSteps);
    }
  }

  // What is spoilt is the answer of one of the last operations, so that all before it is searched.
  @ParameterizedTest
  @CsvSource({
    "5000, 10, 50,  0,  0,  0,  5, 5,  0,  200000",
    "5000, 10, 50,  0,  0,  0, 20, 5,  0,  200000",
    "5000, 10, 30, 30,  0,  0,  1, 5,  0, 2000000",
    "5000, 10,  0,  0, 50,  0,  0, 0,  0,  200000",
  })
  void oneWrongAnswerAmongThousandsIsFound(
      int operations,
      int clients,
      int writes,
      int swaps,
      int additions,
      int deletions,
      int unknown,
      int failed,
      int values,
      long mostSteps) {
    Habits habits =
        new Habits(
            operations, clients, writes, swaps, additions, deletions, unknown, failed, values);
    int violations = 0;
    for (long seed = 0; seed < 10; seed++) {
      RandomClients spoilt = new RandomClients(seed, habits).spoilFrom(operations - 50);
      Verdict verdict = Linearizability.check(spoilt.run(), 5_000_000).getFirst();
      violations += verdict instanceof Verdict.Violation ? 1 : 0;
      assertThat(verdict.steps()).as("steps of seed %d", seed).isLessThan(mostSteps);
    }
    // Some are told, by chance, what they might have been told.
    assertThat(violations).isGreaterThanOrEqualTo(5);
  }

  @Test
  void whatNobodyWroteIsFoundWithoutASearchForIt() {
    Habits habits = new Habits(5000, 10, 30, 30, 0, 0, 5, 5, 0);
    History history = new RandomClients(1, habits).run();
    long nowNanos = history.events().getLast().timeNanos();
    history.invoke(100_000, "x", Timeline.READ, nowNanos);
    history.ok(100_000, Timeline.saw("invented"), nowNanos);
    Verdict verdict = Linearizability.check(history, 5_000_000).getFirst();
    assertThat(verdict).isInstanceOf(Verdict.Violation.class);
    assertThat(verdict.steps()).isLessThan(100_000);
  }

  /** Which of the additions were there when the sum was made? Any of 2^30 choices may be asked. */
  private static History hard() {
    Timeline timeline = new Timeline();
    for (int i = 0; i < 30; i++) {
      timeline.begin(i, Timeline.add(3L << i)).info(i);
    }
    return timeline.all(30, Timeline.add(2), Timeline.sum(1L << 29)).history();
  }

  @Test
  void aBudgetThatIsUsedUpLeavesItUndecidedEverywhereInTheSameStep() {
    assertThat(Linearizability.check(hard(), 100_000))
        .containsExactly(new Verdict.Undecided("x", 100_000));
    assertThat(Linearizability.check(hard(), 200_000).getFirst().message())
        .isEqualTo("key \"x\": undecided (steps: 200000); a larger budget may decide it");
  }

  @Test
  void aBudgetIsForEachKeyByItself() {
    History history = hard();
    history.invoke(31, "y", Timeline.READ, 10_000);
    history.ok(31, Timeline.saw("never written"), 10_000);
    history.invoke(31, "z", Timeline.READ, 10_000);
    assertThat(Linearizability.check(history, 1000))
        .extracting(verdict -> verdict.getClass().getSimpleName())
        .containsExactly("Undecided", "Violation", "Linearizable");
  }
}
