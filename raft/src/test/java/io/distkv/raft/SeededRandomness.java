package io.distkv.raft;

import io.distkv.base.Randomness;
import java.util.SplittableRandom;

/** Chance that is the same in every run. */
final class SeededRandomness implements Randomness {
  private final SplittableRandom random;

  SeededRandomness(long seed) {
    random = new SplittableRandom(seed);
  }

  @Override
  public long nextLong() {
    return random.nextLong();
  }

  boolean chance(int percent) {
    return below(100) < percent;
  }
}
