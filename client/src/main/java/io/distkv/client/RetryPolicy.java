package io.distkv.client;

import java.time.Duration;
import java.util.Objects;

/**
 * How often, and when, an operation is tried again of which that is allowed. Before the n-th retry
 * the client waits a random time from 0 to {@code firstBackoff × 2^(n-1)}, at most {@code
 * longestBackoff}; if the node asks for more, at least what it asks for.
 *
 * <p>All operations of a client share a budget, so that an outage does not multiply the load: a
 * retry takes one from it, an operation that succeeds puts {@code budgetPerSuccess} back. While it
 * is empty, nothing is retried. An attempt that found no connection is no load: to try again then
 * is free.
 *
 * @param attempts tries of an operation in all, from 1 (no retries) to 100
 * @param firstBackoff longest wait before the first retry, from 1 ms on
 * @param longestBackoff longest wait before any retry, from {@code firstBackoff} on
 * @param budget retries that the budget has at first, and at most; from 0 to 1,000,000
 * @param budgetPerSuccess what an operation that succeeds puts back, from 0 to 1
 */
public record RetryPolicy(
    int attempts,
    Duration firstBackoff,
    Duration longestBackoff,
    int budget,
    double budgetPerSuccess) {

  /**
   * Ten attempts with waits of 20 ms to 1 s, a budget of 500 retries and one more for every ten
   * operations that succeed.
   */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(10, Duration.ofMillis(20), Duration.ofSeconds(1), 500, 0.1);

  /** Nothing is ever tried again. */
  public static final RetryPolicy NONE = DEFAULT.withAttempts(1);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if one of them is not kept
   */
  public RetryPolicy {
    Objects.requireNonNull(firstBackoff, "firstBackoff");
    Objects.requireNonNull(longestBackoff, "longestBackoff");
    Ranges.require("attempts", attempts, 1, 100);
    Ranges.require("firstBackoff in ms", firstBackoff.toMillis(), 1, 3_600_000);
    Ranges.require(
        "longestBackoff in ms", longestBackoff.toMillis(), firstBackoff.toMillis(), 3_600_000);
    Ranges.require("budget", budget, 0, 1_000_000);
    if (!(budgetPerSuccess >= 0 && budgetPerSuccess <= 1)) {
      throw new IllegalArgumentException(
          "budgetPerSuccess must be from 0 to 1, not " + budgetPerSuccess);
    }
  }

  /**
   * The same with another number of attempts.
   *
   * @param attempts tries of an operation in all, from 1 to 100
   * @return the changed policy
   */
  public RetryPolicy withAttempts(int attempts) {
    return new RetryPolicy(attempts, firstBackoff, longestBackoff, budget, budgetPerSuccess);
  }

  /**
   * The same with other waits.
   *
   * @param firstBackoff longest wait before the first retry
   * @param longestBackoff longest wait before any retry
   * @return the changed policy
   */
  public RetryPolicy withBackoff(Duration firstBackoff, Duration longestBackoff) {
    return new RetryPolicy(attempts, firstBackoff, longestBackoff, budget, budgetPerSuccess);
  }

  /**
   * The same with another budget.
   *
   * @param budget retries that there are at first, and at most
   * @param budgetPerSuccess what an operation that succeeds puts back
   * @return the changed policy
   */
  public RetryPolicy withBudget(int budget, double budgetPerSuccess) {
    return new RetryPolicy(attempts, firstBackoff, longestBackoff, budget, budgetPerSuccess);
  }
}
