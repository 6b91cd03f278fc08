package io.distkv.simulation.shrink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left still fails, and nothing of it can go by itself. */
class DeltaDebuggingTest {
  private static final List<Integer> ALL = IntStream.rangeClosed(1, 200).boxed().toList();

  private int runs;

  private List<Integer> shrink(List<Integer> all, Set<Integer> needed) {
    return DeltaDebugging.shrink(
        all,
        kept -> {
          runs++;
          return kept.containsAll(needed);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100, 101, 199, 200})
  void oneThatIsNeededIsFound(int needed) {
    assertThat(shrink(ALL, Set.of(needed))).containsExactly(needed);
    assertThat(runs).isLessThan(40);
  }

  @Test
  void severalFarFromEachOtherAreFoundInTheirOrder() {
    assertThat(shrink(ALL, Set.of(3, 71, 72, 199))).containsExactly(3, 71, 72, 199);
    assertThat(runs).isLessThan(200);
  }

  @Test
  void nothingIsLeftIfNothingIsNeeded() {
    assertThat(shrink(ALL, Set.of())).isEmpty();
    assertThat(runs).isEqualTo(1);
    assertThat(shrink(List.of(), Set.of())).isEmpty();
  }

  @Test
  void everythingIsLeftIfAllIsNeeded() {
    assertThat(shrink(ALL.subList(0, 5), Set.of(1, 2, 3, 4, 5))).containsExactly(1, 2, 3, 4, 5);
  }

  /** It needs an even number of things besides 7, at least two: not every subset of what fails. */
  @Test
  void whatIsLeftFailsAndCannotSpareAnything() {
    List<Integer> left = DeltaDebugging.shrink(ALL, DeltaDebuggingTest::failsOddly);
    assertThat(failsOddly(left)).isTrue();
    for (Integer each : left) {
      List<Integer> fewer = new ArrayList<>(left);
      fewer.removeIf(each::equals);
      assertThat(failsOddly(fewer)).isFalse();
    }
  }

  private static boolean failsOddly(List<Integer> kept) {
    return kept.size() == 200 || (kept.contains(7) && kept.size() >= 3 && kept.size() % 2 == 1);
  }

  @Test
  void whatIsLeftWhenTimeIsUpStillFails() {
    List<List<Integer>> failed = new ArrayList<>();
    List<Integer> left =
        DeltaDebugging.shrink(
            ALL,
            kept -> {
              runs++;
              boolean fails = runs <= 6 && kept.contains(150);
              if (fails) {
                failed.add(kept);
              }
              return fails;
            });
    assertThat(left).isEqualTo(failed.getLast()).hasSizeLessThan(100).contains(150);
  }
}
