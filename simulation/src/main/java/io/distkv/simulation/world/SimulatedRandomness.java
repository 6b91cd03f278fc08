package io.distkv.simulation.world;

import io.distkv.base.Randomness;

/**
 * A seeded source of random numbers (SplitMix64: one addition and a mix per number). The same seed
 * gives the same numbers on every machine and every Java release.
 */
public final class SimulatedRandomness implements Randomness {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  public SimulatedRandomness(long seed) {
    this.state = mix(seed);
  }

  @Override
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** A number from {@code least} to {@code most}, both included. */
  public long between(long least, long most) {
    if (most < least) {
      throw new IllegalArgumentException(most + " is below " + least);
    }
    long span = most - least + 1;
    return span == 0 ? nextLong() : least + Long.remainderUnsigned(nextLong(), span);
  }

  /** True {@code percent} times out of a hundred. */
  public boolean chance(int percent) {
    return below(100) < percent;
  }

  /** One of the choices, each as likely as the others. */
  @SafeVarargs
  public final <T> T pick(T... choices) {
    return choices[below(choices.length)];
  }

  /**
   * A number from {@code least} to {@code most} whose order of magnitude is evenly spread, so that
   * small ones are as common as large ones.
   */
  public long magnitude(long least, long most) {
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(1, most - least));
    long span = Math.min(most - least, (1L << below(bits + 1)) - 1);
    return least + (span <= 0 ? 0 : between(0, span));
  }

  public byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) nextLong();
    }
    return bytes;
  }

  /**
   * A source of its own, seeded from this one: what its user draws does not shift what others draw
   * later.
   */
  public SimulatedRandomness fork() {
    return new SimulatedRandomness(nextLong());
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
