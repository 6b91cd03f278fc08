package io.distkv.simulation.linearizability;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls and violations as people read them. */
final class Wording {
  private static final int MOST_SHOWN = 6;

  private Wording() {}

  /** Such as {@code process 3: read -> "7" [100 to 250 ns]}. */
  static String of(Call call) {
    String asked =
        switch (call.operation()) {
          case Operation.Read() -> "read";
          case Operation.Write(String value) -> "write " + quoted(value);
          case Operation.Delete() -> "delete";
          case Operation.Add(long amount) -> "add " + amount;
          case Operation.CompareAndSet(@Nullable String expected, @Nullable String update) ->
              "cas from %s to %s".formatted(quoted(expected), quoted(update));
        };
    String told =
        switch (call.answer()) {
          case Answer.Value(@Nullable String value) -> " -> " + quoted(value);
          case Answer.Sum(long sum) -> " -> " + sum;
          case Answer.Swapped(boolean swapped) -> " -> " + swapped;
          case Answer.Done() -> "";
          case null -> " -> ?";
        };
    return "process %d: %s%s [%d to %s ns]"
        .formatted(
            call.process(),
            asked,
            told,
            call.invokedNanos(),
            call.end() == Event.Type.INFO ? "?" : Long.toString(call.endedNanos()));
  }

  /** A few lines; the last has no end. */
  static String of(Verdict.Violation violation) {
    List<Call> explained = violation.explained();
    List<String> lines = new ArrayList<>();
    lines.add(
        "key %s: NOT linearizable (steps: %d)"
            .formatted(quoted(violation.key()), violation.steps()));
    lines.add(
        explained.isEmpty()
            ? "  from the beginning, no order has a place for"
            : "  an order of the first %d operations ends with".formatted(explained.size()));
    if (!explained.isEmpty()) {
      explained.stream()
          .skip(Math.max(0, explained.size() - MOST_SHOWN))
          .forEach(call -> lines.add("    " + call));
      lines.add("  which leaves %s; but no order has a place for".formatted(violation.state()));
    }
    lines.add("    " + violation.unexplained());
    int beside = violation.beside().size();
    if (beside > 0) {
      lines.add("  with any of these that were under way, in effect or not");
      violation.beside().stream().limit(MOST_SHOWN).forEach(call -> lines.add("    " + call));
    }
    if (beside > MOST_SHOWN) {
      lines.add("    and %d more".formatted(beside - MOST_SHOWN));
    }
    return String.join("\n", lines);
  }

  static String quoted(@Nullable String value) {
    return value == null ? "absent" : '"' + value + '"';
  }
}
