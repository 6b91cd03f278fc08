package io.distkv.base;

/**
 * A source of random numbers; seeded and repeatable in simulation. One instance serves one lane.
 */
public interface Randomness {

  /** Any of the 2^64 values, each as likely as the others. */
  long nextLong();

  /**
   * A number from 0 up to, not including, {@code bound}.
   *
   * @param bound at least 1
   */
  default int below(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound must be at least 1, not " + bound);
    }
    return (int) Long.remainderUnsigned(nextLong(), bound);
  }
}
