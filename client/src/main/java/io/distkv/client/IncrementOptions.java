package io.distkv.client;

import java.time.Duration;

/** How a number is added to. Immutable: each method gives changed options. */
public final class IncrementOptions {
  static final IncrementOptions DEFAULT = new IncrementOptions(0, 0);

  private final long initial;
  private final long ttlMillis;

  private IncrementOptions(long initial, long ttlMillis) {
    this.initial = initial;
    this.ttlMillis = ttlMillis;
  }

  /**
   * A key that is not there counts as this number, not as 0. Such an increment is always a call of
   * its own. Not allowed within a batch.
   *
   * @param initial the number
   * @return the changed options
   */
  public IncrementOptions initial(long initial) {
    return new IncrementOptions(initial, ttlMillis);
  }

  /**
   * The number ends some time after the write, if the key was not there. A key that was there keeps
   * its own life.
   *
   * @param life at least 1 ms; what is finer is cut off
   * @return the changed options
   */
  public IncrementOptions ttl(Duration life) {
    return new IncrementOptions(initial, Lives.millis(life));
  }

  long initial() {
    return initial;
  }

  long ttlMillis() {
    return ttlMillis;
  }
}
