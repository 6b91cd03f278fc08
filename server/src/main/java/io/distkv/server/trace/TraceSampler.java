package io.distkv.server.trace;

import java.util.concurrent.ThreadLocalRandom;

/** Picks requests at random, a given share of them. Any thread. */
final class TraceSampler {
  private static final long ALL = 1L << 32;

  private volatile long threshold;

  /**
   * @param newShare from 0 (none) to 1 (all)
   */
  void share(double newShare) {
    threshold = Math.round(newShare * ALL);
  }

  boolean picks() {
    long below = threshold;
    return below > 0 && Integer.toUnsignedLong(ThreadLocalRandom.current().nextInt()) < below;
  }
}
