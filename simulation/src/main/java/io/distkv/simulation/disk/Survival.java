package io.distkv.simulation.disk;

import io.distkv.simulation.world.SimulatedRandomness;

/**
 * What one crash spares of one thing's un-synced changes. Each change has a sequence number; the
 * manners are those of real caches: nothing had been written back, all had, all up to some moment
 * had (which tears a write that was under way), or some here and some there, in no order.
 */
final class Survival {
  private enum Manner {
    NOTHING,
    EVERYTHING,
    UP_TO,
    ANY
  }

  private static final Manner[] MANNERS = Manner.values();

  private final SimulatedRandomness random;
  private final Manner manner;
  private final long lastSequence;
  private final int percent;

  /** Draws the manner of a crash for changes numbered from {@code first} to {@code last}. */
  Survival(SimulatedRandomness random, long first, long last) {
    this.random = random;
    this.manner = MANNERS[random.below(MANNERS.length)];
    this.lastSequence = random.between(first, Math.max(first, last));
    this.percent = random.pick(10, 50, 90);
  }

  /** Whether the change of this number survives, judged alone. */
  boolean survives(long sequence) {
    return switch (manner) {
      case NOTHING -> false;
      case EVERYTHING -> true;
      case UP_TO -> sequence <= lastSequence;
      case ANY -> random.chance(percent);
    };
  }

  /**
   * Which of a chain of changes, each replacing the one before, the disk holds: its position in
   * {@code sequences} (rising), or -1 for what was there before all of them.
   */
  int lastSurvivor(long[] sequences) {
    return switch (manner) {
      case NOTHING -> -1;
      case EVERYTHING -> sequences.length - 1;
      case UP_TO -> {
        int at = sequences.length - 1;
        while (at >= 0 && sequences[at] > lastSequence) {
          at--;
        }
        yield at;
      }
      case ANY -> random.below(sequences.length + 1) - 1;
    };
  }

  /** Whether a sector under way may hold the beginning of its next content and its old rest. */
  boolean tearsSectors() {
    return manner == Manner.ANY && percent == 10;
  }

  SimulatedRandomness random() {
    return random;
  }
}
