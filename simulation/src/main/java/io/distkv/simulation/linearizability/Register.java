package io.distkv.simulation.linearizability;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One key that holds one value, as the states of its model.
 *
 * @param value null if the key is absent
 */
record Register(@Nullable String value) {
  private static final Register ABSENT = new Register(null);

  /** A key that is absent at first. */
  static final Model<Register> MODEL =
      new Model<>() {
        @Override
        public Register initial() {
          return ABSENT;
        }

        @Override
        public @Nullable Register step(
            Register state, Operation operation, @Nullable Answer answer) {
          return state.after(operation, answer);
        }

        @Override
        public Effect<Register> effect(Operation operation, @Nullable Answer answer) {
          return effectOf(operation, answer);
        }

        @Override
        public List<Call> simplify(List<Call> calls) {
          return UnaskedValues.merge(calls);
        }
      };

  /** The value in quotes, or the word absent. */
  @Override
  public String toString() {
    return Wording.quoted(value);
  }

  private @Nullable Register after(Operation operation, @Nullable Answer answer) {
    return switch (operation) {
      case Operation.Read() ->
          answer == null || answer.equals(new Answer.Value(value)) ? this : null;
      case Operation.Write(String written) -> new Register(written);
      case Operation.Delete() -> ABSENT;
      case Operation.Add(long amount) -> plus(amount, answer);
      case Operation.CompareAndSet(@Nullable String expected, @Nullable String update) -> {
        boolean swaps = Objects.equals(value, expected);
        if (answer instanceof Answer.Swapped(boolean told) && told != swaps) {
          yield null;
        }
        yield swaps ? new Register(update) : this;
      }
    };
  }

  /** An absent key counts as 0; what is no whole number, or would leave the range, refuses. */
  private @Nullable Register plus(long amount, @Nullable Answer answer) {
    Long number = value == null ? Long.valueOf(0) : numberIn(value);
    if (number == null) {
      return null;
    }
    long sum;
    try {
      sum = Math.addExact(number, amount);
    } catch (ArithmeticException e) {
      return null;
    }
    return answer instanceof Answer.Sum(long told) && told != sum ? null : of(sum);
  }

  /** The number that a value is, written the one way in which additions write it; else null. */
  static @Nullable Long numberIn(String value) {
    try {
      long number = Long.parseLong(value);
      return value.equals(Long.toString(number)) ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Register of(long number) {
    return new Register(Long.toString(number));
  }

  private static Effect<Register> effectOf(Operation operation, @Nullable Answer answer) {
    return switch (operation) {
      case Operation.Read() ->
          Effect.nothing(
              answer instanceof Answer.Value(@Nullable String value) ? new Register(value) : null);
      case Operation.Write(String value) -> Effect.overwrites(new Register(value));
      case Operation.Delete() -> Effect.overwrites(ABSENT);
      case Operation.Add(long amount) -> {
        if (!(answer instanceof Answer.Sum(long sum))) {
          yield Effect.anything();
        }
        // Both an absent key and "0" are nothing to add to. A difference that leaves the range is
        // the answer to nothing, and its needs are as good as any.
        yield Effect.sets(sum == amount ? null : of(sum - amount), of(sum));
      }
      case Operation.CompareAndSet(@Nullable String expected, @Nullable String update) ->
          answer instanceof Answer.Swapped(boolean swapped) && !swapped
              ? Effect.nothing(null)
              : Effect.sets(new Register(expected), new Register(update));
    };
  }
}
