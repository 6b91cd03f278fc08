package io.distkv.node;

import io.distkv.base.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Asks every one of several lanes something, and gives the answers together, in their order. */
final class LaneGather {
  private LaneGather() {}

  /** One thing to ask on one lane. */
  record Question<T>(Lane lane, Supplier<T> ask) {}

  /**
   * Asks; {@code done} is told on {@code home}, some turns later.
   *
   * @param questions at least one
   */
  static <T> void ask(Lane home, List<Question<T>> questions, Consumer<List<T>> done) {
    new Round<>(home, questions, done).start();
  }

  /** The answers are put together on the home lane only. */
  private static final class Round<T> {
    private final Lane home;
    private final List<Question<T>> questions;
    private final Consumer<List<T>> done;
    private final List<List<T>> answers = new ArrayList<>();
    private int awaited;

    Round(Lane home, List<Question<T>> questions, Consumer<List<T>> done) {
      this.home = home;
      this.questions = questions;
      this.done = done;
      this.awaited = questions.size();
      questions.forEach(_ -> answers.add(List.of()));
    }

    void start() {
      for (int i = 0; i < questions.size(); i++) {
        int place = i;
        Question<T> question = questions.get(i);
        question
            .lane()
            .complete(() -> {
              T answer = question.ask().get();
              home.complete(() -> take(place, answer));
            });
      }
    }

    private void take(int place, T answer) {
      answers.set(place, List.of(answer));
      awaited--;
      if (awaited == 0) {
        done.accept(answers.stream().map(List::getFirst).toList());
      }
    }
  }
}
