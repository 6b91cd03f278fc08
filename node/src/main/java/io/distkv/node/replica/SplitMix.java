package io.distkv.node.replica;

import io.distkv.base.Randomness;

/**
 * Random numbers of one lane, after Steele et al., "Fast Splittable Pseudorandom Number Generators"
 * (2014). Good for spreading things, not for secrets.
 */
final class SplitMix implements Randomness {
  private long state;

  SplitMix(long seed) {
    state = seed;
  }

  @Override
  public long nextLong() {
    state += 0x9E3779B97F4A7C15L;
    long mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
