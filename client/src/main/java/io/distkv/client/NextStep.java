package io.distkv.client;

import io.distkv.client.AttemptEnd.Reach;
import io.distkv.client.Outcome.Failed;
import io.distkv.client.RetryTable.Kind;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;

/** What follows an attempt that has failed: another one, or the end. */
sealed interface NextStep {

  /** Another attempt, after a wait. What it costs is taken from the budget already. */
  record Again(long waitNanos) implements NextStep {}

  /** The end: what the caller is told. */
  record Over(ErrorCode code, String text, boolean unknown, AttemptEnd end) implements NextStep {
    <R> Failed<R> outcome() {
      return new Failed<>(code, text, unknown, end.cause());
    }
  }

  /**
   * The rule that all operations follow.
   *
   * @param attempts how many there have been
   * @param timeoutNanos how long the operation may take
   * @param deadlineNanos the timer's time at which it ends
   */
  static NextStep after(
      Engine engine,
      Connection tried,
      AttemptEnd end,
      Kind kind,
      int attempts,
      long timeoutNanos,
      long deadlineNanos) {
    String text = text(tried, end, timeoutNanos);
    return switch (RetryTable.judge(end, kind)) {
      case FAIL -> over(end, text, attempts, "", false);
      case UNKNOWN -> over(end, text, attempts, "", true);
      case RETRY -> {
        if (attempts >= engine.retries().attempts()) {
          yield over(end, text, attempts, "", false);
        }
        long waitNanos = engine.backoff().nanos(attempts, end.retryAfterMillis());
        if (engine.timer().nanos() + waitNanos >= deadlineNanos) {
          yield over(end, text, attempts, ", and no time for another", false);
        }
        // What was not sent has cost no node anything, and will not before there is a connection.
        yield end.reach() == Reach.NOT_SENT || engine.budget().take()
            ? new Again(waitNanos)
            : over(end, text, attempts, ", and the budget for retries is used up", false);
      }
    };
  }

  /**
   * The rule that a stream follows which has begun and is to go on until it is closed: whatever may
   * pass is waited for, as often as need be, until the time is over. It costs a node no more than
   * an attempt in each of the longest waits, so the budget is left to operations.
   *
   * @param attempts how many there have been in vain
   * @param outageNanos how long it may be without a node
   * @param deadlineNanos the timer's time at which that is over
   */
  static NextStep resuming(
      Engine engine,
      Connection tried,
      AttemptEnd end,
      int attempts,
      long outageNanos,
      long deadlineNanos) {
    boolean silent = end.code() == null && end.status() == Status.Code.DEADLINE_EXCEEDED;
    String text = text(tried, end, outageNanos);
    if (!silent && RetryTable.judge(end, Kind.READ) != RetryTable.Verdict.RETRY) {
      return over(end, text, attempts, "", false);
    }
    long waitNanos = engine.backoff().nanos(attempts, end.retryAfterMillis());
    return engine.timer().nanos() + waitNanos >= deadlineNanos
        ? over(end, text, attempts, ", and no patience for another", false)
        : new Again(waitNanos);
  }

  private static Over over(
      AttemptEnd end, String text, int attempts, String remark, boolean unknown) {
    String count =
        attempts > 1 || !remark.isEmpty()
            ? " (" + attempts + (attempts == 1 ? " attempt" : " attempts") + remark + ")"
            : "";
    return new Over(end.told(), text + count, unknown, end);
  }

  /** The node's own words as they are; what befell the connection, with its address. */
  private static String text(Connection tried, AttemptEnd end, long timeoutNanos) {
    if (end.code() != null) {
      return end.text();
    }
    if (end.status() != Status.Code.DEADLINE_EXCEEDED) {
      return tried.address() + ": " + end.text();
    }
    String problem = tried.problem();
    return "no %s %s within %d ms%s"
        .formatted(
            end.reach() == Reach.NOT_SENT ? "connection to" : "answer from",
            tried.address(),
            TimeUnit.NANOSECONDS.toMillis(timeoutNanos),
            problem == null ? "" : ": " + problem);
  }
}
