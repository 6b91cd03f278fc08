package io.distkv.simulation.cluster.timeline;

import io.distkv.simulation.world.VirtualTime;

/**
 * An operation of a client.
 *
 * @param number of the operation, from 1
 * @param client from 0
 * @param node that was asked
 * @param what was asked for
 * @param endNanos when the client was told or gave up; {@code OPEN} while it waits
 * @param answer what it was told
 */
public record Asked(
    long number,
    int client,
    long node,
    String what,
    long beginNanos,
    long endNanos,
    Result result,
    String answer) {
  private static final long OPEN = Long.MAX_VALUE;

  /** What came of an operation, as far as its client can know. */
  public enum Result {
    /** It took effect. */
    OK("ok"),
    /** It certainly did not. */
    REFUSED("refused"),
    /** Nobody knows. */
    UNKNOWN("unknown"),
    /** The client still waits. */
    WAITING("under way");

    private final String word;

    Result(String word) {
      this.word = word;
    }

    /** The result in a word or two. */
    public String word() {
      return word;
    }
  }

  static Asked begun(long number, int client, long node, String what, long nanos) {
    return new Asked(number, client, node, what, nanos, OPEN, Result.WAITING, "");
  }

  Asked ended(long nanos, Result how, String told) {
    return new Asked(number, client, node, what, beginNanos, nanos, how, told);
  }

  /** All of it, as a sentence without a full stop. */
  public String words() {
    String end =
        result == Result.WAITING
            ? "no answer yet"
            : "%s after %s%s"
                .formatted(
                    result.word(),
                    VirtualTime.span(endNanos - beginNanos),
                    answer.isEmpty() ? "" : ", " + answer);
    return "operation %d, client %d to node %d: %s: %s".formatted(number, client, node, what, end);
  }
}
