package io.distkv.simulation.linearizability;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tries every order of every choice of operations, with rules of its own for what a register does:
 * slow, and plain enough to be right.
 */
final class BruteForce {
  private final List<Call> calls;
  private final boolean[] placed;

  private BruteForce(List<Call> calls) {
    this.calls = calls;
    this.placed = new boolean[calls.size()];
  }

  /** Whether calls on one key are linearizable. */
  static boolean explains(List<Call> calls) {
    return new BruteForce(calls).from(null);
  }

  /** Whether they are up to an event, as if the history ended with it. */
  static boolean explains(List<Call> calls, int lastPlace) {
    return explains(
        calls.stream()
            .filter(call -> call.invokedAt() <= lastPlace)
            .map(call ->
                call.end() == Event.Type.OK && call.endedAt() > lastPlace ? call.underWay() : call)
            .toList());
  }

  private boolean from(@Nullable String value) {
    boolean complete = true;
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      complete &= placed[i] || call.end() != Event.Type.OK;
      if (!placed[i] && call.end() != Event.Type.FAIL && mayBeNext(call) && possible(call, value)) {
        placed[i] = true;
        boolean explained = from(after(call.operation(), value));
        placed[i] = false;
        if (explained) {
          return true;
        }
      }
    }
    return complete;
  }

  private boolean mayBeNext(Call next) {
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      if (!placed[i] && call.end() == Event.Type.OK && call.endedAt() < next.invokedAt()) {
        return false;
      }
    }
    return true;
  }

  private static boolean possible(Call call, @Nullable String value) {
    if (call.operation() instanceof Operation.Add && !addable(value)) {
      return false;
    }
    @Nullable String after = after(call.operation(), value);
    return switch (call.answer()) {
      case null -> true;
      case Answer.Value(@Nullable String saw) -> Objects.equals(saw, value);
      case Answer.Done() -> true;
      case Answer.Sum(long sum) -> Long.toString(sum).equals(after);
      case Answer.Swapped(boolean swapped) ->
          call.operation() instanceof Operation.CompareAndSet(@Nullable String expected, _)
              && swapped == Objects.equals(expected, value);
    };
  }

  private static boolean addable(@Nullable String value) {
    return value == null || value.matches("0|-?[1-9][0-9]{0,8}");
  }

  private static @Nullable String after(Operation operation, @Nullable String value) {
    return switch (operation) {
      case Operation.Read() -> value;
      case Operation.Write(String written) -> written;
      case Operation.Delete() -> null;
      case Operation.Add(long amount) ->
          Long.toString((value == null ? 0 : Long.parseLong(value)) + amount);
      case Operation.CompareAndSet(@Nullable String expected, @Nullable String update) ->
          Objects.equals(expected, value) ? update : value;
    };
  }
}
