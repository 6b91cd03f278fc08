package io.distkv.simulation.linearizability;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The states that a search has met, as numbers in the order in which it met them, and how often it
 * asked the model.
 */
final class States<S> {
  /** The operation cannot have taken effect there. */
  static final int IMPOSSIBLE = -1;

  static final int INITIAL = 0;

  private final Model<S> model;
  private final List<S> states = new ArrayList<>();
  private final Map<S, Integer> numbers = new HashMap<>();
  private long asked;

  States(Model<S> model) {
    this.model = model;
    number(model.initial());
  }

  /** The state after a call, or {@link #IMPOSSIBLE}. */
  int step(int state, Call call) {
    asked++;
    S after = model.step(states.get(state), call.operation(), call.answer());
    if (after == null) {
      return IMPOSSIBLE;
    }
    return after.equals(states.get(state)) ? state : number(after);
  }

  long asked() {
    return asked;
  }

  /** How many there are. */
  int count() {
    return states.size();
  }

  int number(S state) {
    Integer number = numbers.putIfAbsent(state, states.size());
    if (number != null) {
      return number;
    }
    states.add(state);
    return states.size() - 1;
  }
}
