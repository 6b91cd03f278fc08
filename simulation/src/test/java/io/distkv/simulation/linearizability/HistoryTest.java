package io.distkv.simulation.linearizability;

import static io.distkv.simulation.linearizability.Timeline.READ;
import static io.distkv.simulation.linearizability.Timeline.saw;
import static io.distkv.simulation.linearizability.Timeline.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private final History history = new History();

  @Test
  void whatHappenedIsKeptInOrder() {
    history.invoke(3, "k", write("v"), 5);
    history.invoke(1, "other", READ, 5);
    history.ok(3, new Answer.Done(), 5);
    history.info(1, 7);
    assertThat(history.events())
        .containsExactly(
            new Event(3, Event.Type.INVOKE, "k", write("v"), null, 5),
            new Event(1, Event.Type.INVOKE, "other", READ, null, 5),
            new Event(3, Event.Type.OK, "k", write("v"), new Answer.Done(), 5),
            new Event(1, Event.Type.INFO, "other", READ, null, 7));
  }

  @Test
  void callsJoinBeginningsAndEnds() {
    history.invoke(0, "k", write("v"), 5);
    history.invoke(1, "k", READ, 6);
    history.invoke(2, "j", READ, 6);
    history.ok(1, saw(null), 7);
    history.fail(0, 8);
    history.invoke(1, "k", READ, 9);
    history.info(2, 9);
    assertThat(history.callsByKey().get("k"))
        .containsExactly(
            new Call(0, "k", write("v"), Event.Type.FAIL, null, 0, 4, 5, 8),
            new Call(1, "k", READ, Event.Type.OK, saw(null), 1, 3, 6, 7),
            new Call(1, "k", READ, Event.Type.INFO, null, 5, Call.NEVER, 9, Call.NEVER));
    assertThat(history.callsByKey().get("j"))
        .isEqualTo(
            List.of(new Call(2, "j", READ, Event.Type.INFO, null, 2, Call.NEVER, 6, Call.NEVER)));
  }

  @Test
  void aProcessDoesOneThingAfterAnother() {
    history.invoke(0, "k", READ, 1);
    refused("under way", () -> history.invoke(0, "other", READ, 1));
    history.ok(0, saw(null), 2);
    refused("nothing under way", () -> history.ok(0, saw(null), 3));
    history.invoke(0, "k", READ, 3);
    history.fail(0, 3);
    refused("nothing under way", () -> history.fail(0, 3));
    refused("nothing under way", () -> history.info(9, 3));
    history.invoke(0, "k", READ, 3);
    assertThat(history.events()).hasSize(5);
  }

  @Test
  void aProcessThatDoesNotKnowIsNeverHeardOfAgain() {
    history.invoke(0, "k", write("1"), 1);
    history.info(0, 1);
    refused("needs a new number", () -> history.invoke(0, "k", READ, 2));
    refused("nothing under way", () -> history.ok(0, new Answer.Done(), 2));
    history.invoke(1, "k", READ, 2);
  }

  @Test
  void anAnswerMustBeOneToTheQuestion() {
    history.invoke(0, "k", READ, 1);
    refused("no answer to", () -> history.ok(0, new Answer.Done(), 2));
    refused("no answer to", () -> history.ok(0, new Answer.Sum(1), 2));
    history.ok(0, saw("x"), 2);
    history.invoke(0, "k", Timeline.add(1), 2);
    refused("no answer to", () -> history.ok(0, saw("1"), 2));
    history.ok(0, new Answer.Sum(1), 2);
    history.invoke(0, "k", Timeline.cas(null, "a"), 2);
    refused("no answer to", () -> history.ok(0, new Answer.Done(), 2));
    history.ok(0, new Answer.Swapped(false), 2);
    history.invoke(0, "k", Timeline.DELETE, 2);
    refused("no answer to", () -> history.ok(0, new Answer.Swapped(true), 2));
    history.ok(0, new Answer.Done(), 2);
  }

  @Test
  void timeNeverGoesBack() {
    refused("time goes back from 0 to -1", () -> history.invoke(0, "k", READ, -1));
    history.invoke(0, "k", READ, 10);
    refused("time goes back from 10 to 9", () -> history.invoke(1, "k", READ, 9));
    refused("time goes back from 10 to 9", () -> history.ok(0, saw(null), 9));
    history.ok(0, saw(null), 10);
    refused("negative", () -> history.invoke(-1, "k", READ, 10));
  }

  private static void refused(String reason, Runnable event) {
    assertThatIllegalArgumentException().isThrownBy(event::run).withMessageContaining(reason);
  }
}
