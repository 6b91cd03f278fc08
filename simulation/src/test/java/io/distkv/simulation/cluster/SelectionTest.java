package io.distkv.simulation.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.simulation.cluster.timeline.Asked;
import io.distkv.simulation.cluster.timeline.Moment;
import io.distkv.simulation.cluster.timeline.Timeline;
import io.distkv.simulation.world.Trace;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is left out of a run changes nothing of what is kept. */
class SelectionTest {
  private static final long SEED = 7;

  private static Timeline run(Selection selection) {
    ClusterRun run = new ClusterRun(SEED, new Trace(), selection);
    run.run();
    return run.timeline();
  }

  private static List<Moment.Struck> struck(Timeline timeline) {
    return timeline.moments().stream()
        .filter(Moment.Struck.class::isInstance)
        .map(Moment.Struck.class::cast)
        .toList();
  }

  private static long calmNanos(Timeline timeline) {
    return timeline.moments().stream()
        .filter(Moment.Calm.class::isInstance)
        .mapToLong(Moment::nanos)
        .findFirst()
        .orElseThrow();
  }

  private static Map<Long, String> asked(Timeline timeline) {
    Map<Long, String> asked = new TreeMap<>();
    for (Asked each : timeline.operations()) {
      if (each.beginNanos() < calmNanos(timeline)) {
        asked.put(each.number(), each.what());
      }
    }
    return asked;
  }

  @Test
  void faultsThatAreKeptAreTheSameWithoutTheOthers() {
    List<Moment.Struck> all = struck(run(Selection.EVERYTHING));
    Numbers kept = Numbers.parse("2,5-9,40,41,100-150");
    assertThat(all).hasSizeGreaterThan(150);
    assertThat(struck(run(Selection.EVERYTHING.withFaults(kept))))
        .isNotEmpty()
        .usingElementComparator(SelectionTest::compareDrawn)
        .containsExactlyElementsOf(
            all.stream().filter(fault -> kept.contains(fault.number())).toList());
  }

  /** An event that lets time pass may put the next off by nanoseconds. */
  private static int compareDrawn(Moment.Struck one, Moment.Struck other) {
    boolean same =
        one.number() == other.number()
            && one.words().equals(other.words())
            && Math.abs(one.nanos() - other.nanos()) < 1_000_000;
    return same ? 0 : 1;
  }

  @Test
  void operationsThatAreKeptAreTheSameWithoutTheOthers() {
    Map<Long, String> all = asked(run(Selection.EVERYTHING));
    Numbers kept = Numbers.parse("1-9,50-60,101,400-420");
    Map<Long, String> asked = asked(run(Selection.EVERYTHING.withOperations(kept)));
    assertThat(asked).hasSizeGreaterThan(30);
    asked.forEach((number, what) -> {
      assertThat(kept.contains(number)).isTrue();
      // A client that waits for less may come further.
      assertThat(what).isEqualTo(all.getOrDefault(number, what));
    });
    assertThat(all.keySet().stream().filter(kept::contains))
        .isNotEmpty()
        .allMatch(asked::containsKey);
  }

  @Test
  void withoutAnyFaultNothingGoesWrong() {
    assertThat(struck(run(Selection.EVERYTHING.withFaults(Numbers.NONE)))).isEmpty();
  }

  @Test
  void theCalmCanComeSooner() {
    long nanos = 2_000_000_000;
    Timeline timeline = run(Selection.EVERYTHING.withCalmAfterNanos(nanos));
    assertThat(calmNanos(timeline)).isBetween(nanos, nanos + 100_000_000);
    assertThat(struck(timeline)).isNotEmpty().allMatch(fault -> fault.nanos() <= nanos);
  }

  @Test
  void aFaultThatTheSeedDoesNotHaveCannotBeKept() {
    Selection selection = Selection.EVERYTHING.withFaults(Numbers.parse("5,4711"));
    assertThatThrownBy(() -> new ClusterRun(SEED, new Trace(), selection))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("there is no fault 4711 to keep: this seed has ");
  }

  @Test
  void itIsWrittenAsTheCommandLineTakesIt() {
    assertThat(Selection.EVERYTHING.arguments()).isEmpty();
    Selection selection = new Selection(Numbers.parse("3,7"), Numbers.NONE, 4_500_000_000L);
    assertThat(selection.arguments())
        .containsExactly(
            "--keep-faults", "3,7", "--keep-operations", "none", "--calm-after", "4500ms");
  }
}
