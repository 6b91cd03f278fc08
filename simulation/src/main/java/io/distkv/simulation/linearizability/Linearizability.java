package io.distkv.simulation.linearizability;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds out whether a history could have been answered by one copy of the data on which every
 * operation took effect at one moment between its beginning and its end.
 *
 * <p>Each key is looked at by itself: a history is linearizable if and only if what was done to
 * each of its keys is (Herlihy and Wing call this locality), and the search, whose effort may grow
 * exponentially with the operations that overlap, has much less to look through. An operation on
 * several keys would need them to be looked at together, under a model of all of them.
 *
 * <p>The question is a hard one (NP-complete), so a search needs a bound. That bound is counted in
 * steps, each of which asks the model once or compares two configurations, and not in time: the
 * same history and budget give the same verdict on every machine and under every load, as
 * everything does that the simulator says, and a seed whose verdict is "undecided" here is
 * undecided everywhere. The budget holds for each key by itself. A step takes about a microsecond,
 * and at most some hundred bytes of memory.
 */
public final class Linearizability {
  /** Decides thousands of operations on a key in nearly every case; some seconds at most. */
  public static final long DEFAULT_BUDGET_STEPS = 5_000_000;

  private Linearizability() {}

  /**
   * The verdict on every key of a history, in the order of the keys.
   *
   * @param budgetSteps for each key, the steps after which a search gives up; it may take somewhat
   *     more, since it ends what it has begun
   */
  public static List<Verdict> check(History history, long budgetSteps) {
    List<Verdict> verdicts = new ArrayList<>();
    history
        .callsByKey()
        .forEach((key, calls) -> verdicts.add(check(Register.MODEL, key, calls, budgetSteps)));
    return verdicts;
  }

  private static <S> Verdict check(Model<S> model, String key, List<Call> calls, long budgetSteps) {
    Search<S> search = new Search<>(model, calls, budgetSteps);
    return switch (search.end()) {
      case FOUND -> new Verdict.Linearizable(key, search.steps());
      case UNDECIDED -> new Verdict.Undecided(key, search.steps());
      case IMPOSSIBLE -> new Explanation<>(model, calls, budgetSteps).of(key, search.steps());
    };
  }
}
