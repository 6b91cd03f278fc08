package io.distkv.simulation.linearizability;

import static io.distkv.simulation.linearizability.Timeline.DELETE;
import static io.distkv.simulation.linearizability.Timeline.READ;
import static io.distkv.simulation.linearizability.Timeline.add;
import static io.distkv.simulation.linearizability.Timeline.cas;
import static io.distkv.simulation.linearizability.Timeline.saw;
import static io.distkv.simulation.linearizability.Timeline.sum;
import static io.distkv.simulation.linearizability.Timeline.swapped;
import static io.distkv.simulation.linearizability.Timeline.write;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Histories whose verdict is known without a checker, from the literature and from practice. */
class KnownHistoriesTest {

  @Test
  void anOverlappingReadMaySeeTheOldValueOrTheNew() {
    good(new Timeline().all(0, write("0")).begin(0, write("1")).all(1, READ, saw("0")).ok(0));
    good(new Timeline().all(0, write("0")).begin(0, write("1")).all(1, READ, saw("1")).ok(0));
  }

  // Herlihy and Wing, "Linearizability: a correctness condition for concurrent objects" (1990),
  // begin with a register and three processes: first one that is right, then one that is not.
  @Test
  void theRegisterOfHerlihyAndWing() {
    good(
        new Timeline()
            .begin(0, write("0"))
            .begin(1, write("1"))
            .ok(0)
            .begin(2, READ)
            .ok(2, saw("0"))
            .begin(2, READ)
            .ok(1)
            .ok(2, saw("1")));
    bad(
        new Timeline()
            .begin(0, write("0"))
            .begin(1, write("1"))
            .ok(0)
            .all(2, READ, saw("1"))
            .begin(2, READ)
            .ok(1)
            .ok(2, saw("0")),
        READ);
  }

  @Test
  void ofTwoReadsInAWriteTheLaterMustNotSeeTheOlder() {
    bad(
        new Timeline()
            .all(0, write("old"))
            .begin(0, write("new"))
            .all(1, READ, saw("new"))
            .all(2, READ, saw("old"))
            .ok(0),
        READ);
  }

  @Test
  void aStaleRead() {
    Verdict.Violation violation =
        bad(
            new Timeline()
                .all(0, write("1"))
                .all(0, write("2"))
                .all(1, READ, saw("1"))
                .all(1, READ, saw("2")),
            READ);
    assertThat(violation.explained())
        .extracting(Call::operation)
        .containsExactly(write("1"), write("2"));
    assertThat(violation.state()).isEqualTo("\"2\"");
    assertThat(violation.unexplained().answer()).isEqualTo(saw("1"));
    assertThat(violation.beside()).isEmpty();
  }

  @Test
  void theMessageOfAViolationIsShort() {
    Timeline timeline = new Timeline();
    for (int i = 0; i < 9; i++) {
      timeline.begin(10 + i, write("late" + i)).info(10 + i);
      timeline.all(0, write("w" + i));
    }
    Verdict.Violation violation = bad(timeline.all(1, READ, saw("w0")), READ);
    assertThat(violation.message())
        .isEqualTo(
            """
            key "x": NOT linearizable (steps: %d)
              an order of the first 9 operations ends with
                process 0: write "w3" [150 to 160 ns]
                process 0: write "w4" [190 to 200 ns]
                process 0: write "w5" [230 to 240 ns]
                process 0: write "w6" [270 to 280 ns]
                process 0: write "w7" [310 to 320 ns]
                process 0: write "w8" [350 to 360 ns]
              which leaves "w8"; but no order has a place for
                process 1: read -> "w0" [370 to 380 ns]
              with any of these that were under way, in effect or not
                process 18: write "late8" -> ? [330 to ? ns]
                process 17: write "late7" -> ? [290 to ? ns]
                process 16: write "late6" -> ? [250 to ? ns]
                process 15: write "late5" -> ? [210 to ? ns]
                process 14: write "late4" -> ? [170 to ? ns]
                process 13: write "late3" -> ? [130 to ? ns]
                and 3 more\
            """
                .formatted(violation.steps()));
  }

  @Test
  void anAcknowledgedWriteThatIsLost() {
    bad(new Timeline().all(0, write("1")).all(1, READ, saw(null)), READ);
    bad(new Timeline().all(0, add(5), sum(5)).all(1, add(5), sum(5)), add(5));
  }

  @Test
  void aReadOfWhatNobodyWrote() {
    Verdict.Violation violation =
        bad(new Timeline().all(0, READ, saw("7")).all(1, READ, saw(null)), READ);
    assertThat(violation.explained()).isEmpty();
    assertThat(violation.message()).contains("from the beginning, no order has a place for");
  }

  @Test
  void aWriteThatTookEffectTwice() {
    bad(
        new Timeline()
            .begin(0, write("a"))
            .all(1, READ, saw("a"))
            .all(1, write("b"))
            .all(1, READ, saw("a"))
            .ok(0),
        READ);
    // The same with a retry under a new number, which the checker knows nothing of, is no fault.
    good(
        new Timeline()
            .begin(0, write("a"))
            .info(0)
            .begin(2, write("a"))
            .all(1, READ, saw("a"))
            .all(1, write("b"))
            .all(1, READ, saw("a"))
            .ok(2));
  }

  @Test
  void aWriteOfUnknownOutcomeMayBeSeenAtOnceLateOrNever() {
    Timeline unseen = new Timeline().begin(0, write("1")).info(0).all(1, READ, saw(null));
    good(unseen);
    good(unseen.all(1, write("2")).all(1, READ, saw("2")));
    good(unseen.all(1, READ, saw("1")).all(1, READ, saw("1")));
    bad(unseen.all(1, READ, saw("2")), READ);
    good(new Timeline().all(1, READ, saw(null)).begin(0, write("1")).info(0));
    bad(new Timeline().all(1, READ, saw("1")).begin(0, write("1")).info(0), READ);
  }

  @Test
  void aWriteOfUnknownOutcomeDoesNotComeAndGo() {
    Timeline timeline =
        new Timeline().all(0, write("old")).begin(1, write("new")).info(1).all(2, READ, saw("new"));
    good(timeline);
    bad(timeline.all(2, READ, saw("old")).all(2, READ, saw("new")), READ);
  }

  @Test
  void anOperationUnderWayAtTheEndMayHaveTakenEffect() {
    good(new Timeline().begin(0, write("1")).all(1, READ, saw("1")));
    good(new Timeline().begin(0, write("1")).all(1, READ, saw(null)));
    good(new Timeline().begin(0, READ));
  }

  @Test
  void whatFailedMustNotBeSeen() {
    good(new Timeline().begin(0, write("1")).fail(0).all(1, READ, saw(null)));
    bad(new Timeline().begin(0, write("1")).all(1, READ, saw("1")).fail(0), READ);
  }

  @Test
  void ofTwoThatExpectTheSameOneSwaps() {
    Timeline race = new Timeline().begin(0, cas(null, "a")).begin(1, cas(null, "b"));
    good(race.ok(0, swapped(false)).ok(1, swapped(true)).all(0, READ, saw("b")));
    bad(race.all(1, READ, saw("a")), READ);
    bad(
        new Timeline()
            .begin(0, cas(null, "a"))
            .begin(1, cas(null, "b"))
            .ok(0, swapped(true))
            .ok(1, swapped(true)),
        cas(null, "b"));
    bad(
        new Timeline()
            .begin(0, cas(null, "a"))
            .begin(1, cas(null, "b"))
            .ok(0, swapped(false))
            .ok(1, swapped(false)),
        cas(null, "b"));
  }

  @Test
  void aSwapOfUnknownOutcomeExplainsOnlyWhatItCanHaveDone() {
    good(new Timeline().all(0, write("a")).begin(1, cas("a", "b")).info(1).all(0, READ, saw("b")));
    bad(
        new Timeline().all(0, write("c")).begin(1, cas("a", "b")).info(1).all(0, READ, saw("b")),
        READ);
    // Nobody reads "b", and yet it must have been there for a moment: something came before "d".
    good(
        new Timeline()
            .all(0, write("a"))
            .begin(1, write("b"))
            .info(1)
            .all(0, cas("a", "d"), swapped(false)));
    bad(new Timeline().all(0, write("a")).all(0, cas("a", "d"), swapped(false)), cas("a", "d"));
  }

  @Test
  void severalOfUnknownOutcomeMayHaveToTakeEffectOneAfterTheOther() {
    Timeline timeline =
        new Timeline()
            .begin(0, write("5"))
            .info(0)
            .begin(1, add(1))
            .info(1)
            .begin(2, add(1))
            .info(2)
            .begin(3, cas("7", "x"))
            .info(3);
    good(timeline.all(4, READ, saw("x")));
    bad(timeline.all(4, READ, saw("7")), READ);
  }

  // Which of them was used for the first "6" decides whether there is one for the "7".
  @Test
  void whatWasUsedUpIsMissedLater() {
    Timeline timeline =
        new Timeline()
            .begin(0, cas("5", "7"))
            .info(0)
            .begin(1, cas("7", "6"))
            .info(1)
            .begin(2, cas("5", "6"))
            .info(2)
            .all(3, write("5"))
            .all(3, READ, saw("6"))
            .all(3, write("5"))
            .all(3, READ, saw("7"));
    good(timeline.all(3, READ, saw("6")));
    bad(timeline.all(3, write("5")).all(3, READ, saw("6")), READ);
    good(
        new Timeline()
            .begin(0, cas("5", "7"))
            .info(0)
            .begin(1, cas("7", "6"))
            .info(1)
            .begin(2, cas("5", "6"))
            .info(2)
            .begin(4, add(-1))
            .info(4)
            .all(3, write("5"))
            .all(3, READ, saw("6"))
            .all(3, READ, saw("7"))
            .all(3, READ, saw("6")));
  }

  @Test
  void additionsCountEachOnce() {
    good(
        new Timeline()
            .begin(0, add(1))
            .begin(1, add(2))
            .ok(0, sum(3))
            .ok(1, sum(2))
            .all(2, READ, saw("3")));
    bad(new Timeline().begin(0, add(1)).begin(1, add(2)).ok(0, sum(3)).ok(1, sum(3)), add(2));
    good(new Timeline().all(0, write("-4")).all(0, add(4), sum(0)).all(0, add(0), sum(0)));
    good(new Timeline().all(0, add(0), sum(0)).all(0, READ, saw("0")));
    bad(new Timeline().all(0, add(0), sum(0)).all(0, READ, saw(null)), READ);
  }

  @Test
  void nothingIsAddedToWhatIsNoWholeNumberOrTooLarge() {
    for (String value : new String[] {"", "a", "+1", "01", "1.0", "-0", "9223372036854775807"}) {
      bad(new Timeline().all(0, write(value)).all(0, add(1), sum(2)), add(1));
      bad(
          new Timeline().all(0, write(value)).begin(1, add(1)).info(1).all(0, READ, saw("2")),
          READ);
      good(new Timeline().all(0, write(value)).begin(1, add(1)).info(1).all(0, READ, saw(value)));
    }
    bad(
        new Timeline()
            .all(0, add(Long.MIN_VALUE), sum(Long.MIN_VALUE))
            .all(0, add(-1), sum(Long.MAX_VALUE)),
        add(-1));
  }

  @Test
  void whatIsDeletedIsAbsentUntilItIsWritten() {
    Timeline timeline = new Timeline().all(0, write("1")).all(1, DELETE);
    good(timeline.all(0, READ, saw(null)).all(0, cas(null, "2"), swapped(true)));
    good(timeline.all(0, cas("2", null), swapped(true)).all(0, add(3), sum(3)));
    bad(timeline.all(1, DELETE).all(0, READ, saw("3")), READ);
  }

  @Test
  void anAbsentKeyIsNotTheEmptyValue() {
    good(new Timeline().all(0, write("")).all(0, READ, saw("")));
    bad(new Timeline().all(0, write("")).all(0, READ, saw(null)), READ);
  }

  @Test
  void keysAreLookedAtOneByOne() {
    History history = new History();
    history.invoke(0, "b", write("1"), 1);
    history.invoke(1, "a", READ, 1);
    history.ok(1, saw("1"), 2);
    history.ok(0, new Answer.Done(), 2);
    assertThat(Linearizability.check(history, 1000))
        .satisfiesExactly(
            a -> assertThat(a).isInstanceOf(Verdict.Violation.class).returns("a", Verdict::key),
            b -> assertThat(b).isInstanceOf(Verdict.Linearizable.class).returns("b", Verdict::key));
  }

  private static void good(Timeline timeline) {
    Verdict verdict = timeline.verdict();
    assertThat(verdict).as(verdict.message()).isInstanceOf(Verdict.Linearizable.class);
  }

  /** That there is no order, and that the first thing without a place is such an operation. */
  private static Verdict.Violation bad(Timeline timeline, Operation unexplained) {
    Verdict verdict = timeline.verdict();
    assertThat(verdict).as(verdict.message()).isInstanceOf(Verdict.Violation.class);
    Verdict.Violation violation = (Verdict.Violation) verdict;
    assertThat(violation.unexplained().operation()).as(verdict.message()).isEqualTo(unexplained);
    return violation;
  }
}
