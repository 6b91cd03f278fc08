package io.distkv.simulation.world;

import java.util.Locale;

/** Virtual time in words. Its unit is the nanosecond. */
public final class VirtualTime {
  public static final long MILLI = 1_000_000;
  public static final long SECOND = 1_000 * MILLI;

  private VirtualTime() {}

  /** A point in time, as seconds since the world began: {@code 12.345678}. */
  public static String stamp(long nanos) {
    return String.format(Locale.ROOT, "%.6f", nanos / 1e9);
  }

  /** A length of time with three or so digits: {@code 3.25 s}, {@code 12.5 ms}, {@code 80 us}. */
  public static String span(long nanos) {
    if (nanos >= SECOND) {
      return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
    }
    return nanos >= MILLI
        ? String.format(Locale.ROOT, "%.1f ms", nanos / 1e6)
        : String.format(Locale.ROOT, "%.0f us", nanos / 1e3);
  }
}
