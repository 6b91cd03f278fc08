package io.distkv.platform;

import io.distkv.base.Randomness;
import java.security.SecureRandom;
import java.util.SplittableRandom;

/**
 * A fast generator seeded by the operating system. Fit for sampling and jitter, not for secrets.
 *
 * <p>Not thread-safe: one instance serves one lane.
 */
public final class SystemRandomness implements Randomness {
  private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());

  @Override
  public long nextLong() {
    return random.nextLong();
  }
}
