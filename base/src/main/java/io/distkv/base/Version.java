package io.distkv.base;

/**
 * The stamp of a write: a hybrid logical clock reading in one {@code long}, 48 bits of wall
 * milliseconds above 16 bits of counter. Versions of one clock are unique and rise; they compare as
 * plain longs until the year 6429.
 */
public final class Version {
  /** Smaller than every stamp a clock gives. */
  public static final long NONE = 0;

  /** Larger than every stamp a clock gives: reading as of this reads the newest. */
  public static final long LATEST = Long.MAX_VALUE;

  private static final int COUNTER_BITS = 16;

  private Version() {}

  /** The first version of a millisecond. */
  public static long ofMillis(long wallMillis) {
    return wallMillis << COUNTER_BITS;
  }

  /** The wall milliseconds in a version. */
  public static long millis(long version) {
    return version >>> COUNTER_BITS;
  }

  /** The counter in a version, 0 to 65,535. */
  public static int counter(long version) {
    return (int) (version & 0xFFFF);
  }

  /** {@code millis.counter}, as logs and tools print it. */
  public static String toString(long version) {
    return millis(version) + "." + counter(version);
  }
}
