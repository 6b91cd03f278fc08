package io.distkv.simulation.linearizability;

import java.util.List;

/** What the checker found out about the operations on one key. */
public sealed interface Verdict {

  /** The key that it is about. */
  String key();

  /** How many steps it took, the same on every machine. */
  long steps();

  /** For people: a line, or a few where there is something to explain; without a line's end. */
  String message();

  /** There is an order that explains everything that was answered. */
  record Linearizable(String key, long steps) implements Verdict {
    @Override
    public String message() {
      return "key %s: linearizable (steps: %d)".formatted(Wording.quoted(key), steps);
    }
  }

  /**
   * There is no such order.
   *
   * @param explained an order of the longest beginning of the history that has one: everything that
   *     had ended, and of what was under way then, of which nothing was known, what it takes
   * @param unexplained the operation whose end is the first thing that cannot be explained
   * @param beside those that were under way when it ended and have no place in the order, the
   *     latest first; they may have taken effect, but that does not help
   * @param state what the order leaves
   */
  record Violation(
      String key,
      long steps,
      List<Call> explained,
      Call unexplained,
      List<Call> beside,
      String state)
      implements Verdict {
    @Override
    public String message() {
      return Wording.of(this);
    }
  }

  /**
   * Unknown, because there were more steps to take than the budget allows. It says nothing either
   * way.
   */
  record Undecided(String key, long steps) implements Verdict {
    @Override
    public String message() {
      return "key %s: undecided (steps: %d); a larger budget may decide it"
          .formatted(Wording.quoted(key), steps);
    }
  }
}
