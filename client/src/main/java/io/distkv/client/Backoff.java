package io.distkv.client;

import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before a retry: exponential, with full jitter, because clients that failed
 * together must not come back together.
 *
 * @param random gives numbers from 0 to 1
 */
record Backoff(long firstNanos, long longestNanos, DoubleSupplier random) {

  /**
   * @param retry the how many-th it is, from 1 on
   * @param leastMillis what the node asks for; 0 if it does not. It comes on top of the random
   *     part: else all that were refused together would come back together, after just that time
   */
  long nanos(int retry, long leastMillis) {
    double most = Math.min((double) longestNanos, (double) firstNanos * Math.pow(2, retry - 1));
    return TimeUnit.MILLISECONDS.toNanos(leastMillis) + (long) (random.getAsDouble() * most);
  }
}
