package io.distkv.simulation.world;

/**
 * How long things take in one simulated world: mostly little, sometimes much, by odds of the
 * world's own, so that worlds differ in kind and not only in dice.
 *
 * @param typicalNanos most delays are below this
 * @param slowPercent how many of a hundred are slow
 * @param slowNanos the longest slow one
 */
public record Delays(long typicalNanos, int slowPercent, long slowNanos) {

  /** Draws the odds of a world. */
  public static Delays draw(SimulatedRandomness random) {
    return new Delays(
        random.magnitude(1, 200_000), random.pick(0, 1, 5, 20), random.magnitude(1, 50_000_000));
  }

  /** Draws one delay. */
  public long next(SimulatedRandomness random) {
    return random.between(0, random.chance(slowPercent) ? slowNanos : typicalNanos);
  }
}
