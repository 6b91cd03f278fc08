package io.distkv.client;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all operations of a client may spend on retries. Thread-safe.
 *
 * <p>A bucket of tokens, counted in thousandths. Successes are many and retries are few, so a
 * success looks before it writes: a full bucket is never touched.
 */
final class RetryBudget {
  private static final long ONE = 1_000;

  private final long most;
  private final long perSuccess;
  private final AtomicLong left;

  RetryBudget(int budget, double perSuccess) {
    this.most = budget * ONE;
    this.perSuccess = Math.round(perSuccess * ONE);
    this.left = new AtomicLong(most);
  }

  /** Takes what a retry costs, if it is there. */
  boolean take() {
    long had = left.get();
    while (had >= ONE) {
      long seen = left.compareAndExchange(had, had - ONE);
      if (seen == had) {
        return true;
      }
      had = seen;
    }
    return false;
  }

  /** An operation has succeeded. */
  void succeeded() {
    long had = left.get();
    while (had < most) {
      long seen = left.compareAndExchange(had, Math.min(most, had + perSuccess));
      if (seen == had) {
        return;
      }
      had = seen;
    }
  }
}
