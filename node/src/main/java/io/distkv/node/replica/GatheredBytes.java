package io.distkv.node.replica;

import io.distkv.base.Limits;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of values a read of several replicas has brought together so far, so that it ends
 * when they are more than a reply may have, and not when all of them are in memory.
 *
 * <p>Any thread.
 */
public final class GatheredBytes {
  private final AtomicLong bytes = new AtomicLong();
  private volatile boolean tooMany;

  /** More was found; or, where negative, what was found is not kept. */
  void add(long more) {
    if (bytes.addAndGet(more) > Limits.MAX_BATCH_BYTES) {
      tooMany = true;
    }
  }

  /** Whether they were too many once: the read has failed, and nobody need go on with it. */
  boolean tooMany() {
    return tooMany;
  }
}
