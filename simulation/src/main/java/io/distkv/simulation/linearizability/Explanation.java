package io.distkv.simulation.linearizability;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Finds where in a history that has no order the trouble begins: the longest beginning that has
 * one.
 *
 * <p>The search that found that there is none cannot say, since it looks ahead: it gives up a way
 * when something much later needs what is gone. So beginnings of the history are searched by
 * themselves. An end makes an order only harder to find, so halving finds the first end with which
 * there is none, in as many searches as the number of operations has binary digits. In such a
 * beginning, what has not ended is an operation whose outcome is not known.
 *
 * <p>Each of these searches has the whole budget. One that uses it up counts as "no order", so that
 * what is said to be explained always is.
 */
final class Explanation<S> {
  private final Model<S> model;
  private final List<Call> calls;
  private final long budgetSteps;
  private long steps;

  /**
   * @param calls the operations on one key, in the order of their beginnings
   * @param budgetSteps for each search
   */
  Explanation(Model<S> model, List<Call> calls, long budgetSteps) {
    this.model = model;
    this.calls = calls.stream().filter(call -> call.end() != Event.Type.FAIL).toList();
    this.budgetSteps = budgetSteps;
  }

  /**
   * Explains.
   *
   * @param spentSteps what it took to find that there is no order
   */
  Verdict.Violation of(String key, long spentSteps) {
    steps = spentSteps;
    int[] ends =
        calls.stream()
            .filter(call -> call.end() == Event.Type.OK)
            .mapToInt(Call::endedAt)
            .sorted()
            .toArray();
    // There is an order of what was before ends[good]; there is none with that of ends[bad - 1].
    int good = 0;
    int bad = ends.length;
    Search<S> best = search(ends[good]);
    while (bad - good > 1) {
      int middle = (good + bad) >>> 1;
      Search<S> search = search(ends[middle]);
      if (search.end() == Search.End.FOUND) {
        good = middle;
        best = search;
      } else {
        bad = middle;
      }
    }
    return violation(key, best, ends[good]);
  }

  private Verdict.Violation violation(String key, Search<S> best, int place) {
    NavigableMap<Integer, Call> open = new TreeMap<>();
    before(place).forEach(call -> open.put(call.invokedAt(), call));
    List<Call> explained =
        best.order().stream().map(call -> open.remove(call.invokedAt())).toList();
    Call unexplained =
        calls.stream().filter(call -> call.endedAt() == place).findFirst().orElseThrow();
    open.remove(unexplained.invokedAt());
    List<Call> beside =
        calls.reversed().stream()
            .filter(call -> open.containsKey(call.invokedAt()))
            .filter(call -> !(call.operation() instanceof Operation.Read))
            .toList();
    return new Verdict.Violation(key, steps, explained, unexplained, beside, stateAfter(explained));
  }

  /** By the calls as they are: the search's own states are of simplified ones. */
  private String stateAfter(List<Call> order) {
    S state = model.initial();
    for (Call call : order) {
      S after = model.step(state, call.operation(), call.answer());
      if (after == null) {
        throw new IllegalStateException(call + " has a place in an order that has none for it");
      }
      state = after;
    }
    return String.valueOf(state);
  }

  /** What had begun before a place of the history, as it looked then. */
  private List<Call> before(int place) {
    return calls.stream()
        .filter(call -> call.invokedAt() < place)
        .map(call -> call.endedAt() < place ? call : call.underWay())
        .toList();
  }

  private Search<S> search(int place) {
    Search<S> search = new Search<>(model, before(place), budgetSteps);
    steps += search.steps();
    return search;
  }
}
