package io.distkv.node.hotkeys;

import io.distkv.base.Lane;
import io.distkv.node.command.Prepared;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * A sampler for commands of any thread. It brings those that are due to a lane; where that has no
 * room, one is not counted.
 */
public final class SharedSampler {
  private static final int GAP = 64;

  private final AtomicInteger seen = new AtomicInteger();
  private final KeySampler sampler;
  private final Lane lane;
  private final LongSupplier nanos;

  /**
   * Counts in a lane's sampler.
   *
   * @param nanos the lane's clock, read on it
   */
  public SharedSampler(KeySampler sampler, Lane lane, LongSupplier nanos) {
    this.sampler = sampler;
    this.lane = lane;
    this.nanos = nanos;
  }

  /** A command was served. Any thread. */
  public void saw(String keyspace, Prepared.Ready command) {
    if (seen.incrementAndGet() % GAP == 0) {
      boolean taken = lane.offer(() -> sampler.add(keyspace, command, nanos.getAsLong()));
      if (!taken) {
        seen.decrementAndGet();
      }
    }
  }
}
