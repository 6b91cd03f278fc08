package io.distkv.simulation.linearizability;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes one value of all that nobody ever asked for: that no read returned, that no compare-and-set
 * expected, and to which nothing can have been added.
 *
 * <p>No answer can tell such values from one another. Reads return another value; every
 * compare-and-set finds that they are not what it expects; every addition refuses what is no
 * number, and where there are additions, numbers are left alone here. So whatever order is possible
 * with them is possible with one in place of all, and the other way round. What is gained is that
 * histories have fewer states, and that more of the operations whose outcome is unknown are alike.
 */
final class UnaskedValues {
  private final Set<@Nullable String> asked = new HashSet<>();
  private boolean additions;
  private @Nullable String one;

  private UnaskedValues(List<Call> calls) {
    for (Call call : calls) {
      switch (call.operation()) {
        case Operation.Read() -> {
          if (call.answer() instanceof Answer.Value(@Nullable String value)) {
            asked.add(value);
          }
        }
        case Operation.CompareAndSet(@Nullable String expected, _) -> asked.add(expected);
        case Operation.Add(_) -> additions = true;
        case Operation.Write(_), Operation.Delete() -> {}
      }
    }
  }

  static List<Call> merge(List<Call> calls) {
    UnaskedValues values = new UnaskedValues(calls);
    List<Call> merged = new ArrayList<>(calls.size());
    for (Call call : calls) {
      merged.add(call.asking(values.merge(call.operation())));
    }
    return merged;
  }

  private Operation merge(Operation operation) {
    return switch (operation) {
      case Operation.Write(String value) -> new Operation.Write(merge(value));
      case Operation.CompareAndSet(@Nullable String expected, @Nullable String update) ->
          new Operation.CompareAndSet(expected, update == null ? null : merge(update));
      case Operation.Read _, Operation.Delete _, Operation.Add _ -> operation;
    };
  }

  private String merge(String value) {
    if (asked.contains(value) || (additions && Register.numberIn(value) != null)) {
      return value;
    }
    if (one == null) {
      one = value;
    }
    return one;
  }
}
