package io.distkv.node.keyspace;

import java.util.Locale;

/**
 * What an acknowledged write of a keyspace has survived.
 *
 * @param mode when a write is acknowledged
 * @param intervalMillis for {@link Mode#INTERVAL}, the longest that a write waits for its sync, 1
 *     to 60,000; 0 for the others
 */
public record Durability(Mode mode, long intervalMillis) {
  /** Acknowledged means synced to the disk. */
  public static final Durability COMMIT = new Durability(Mode.COMMIT, 0);

  /** Acknowledged means written to the operating system, which syncs when it likes. */
  public static final Durability NONE = new Durability(Mode.NONE, 0);

  private static final long MAX_INTERVAL_MILLIS = 60_000;

  public Durability {
    boolean valid =
        mode == Mode.INTERVAL
            ? intervalMillis >= 1 && intervalMillis <= MAX_INTERVAL_MILLIS
            : intervalMillis == 0;
    if (!valid) {
      throw new IllegalArgumentException(
          mode == Mode.INTERVAL
              ? "durability interval must be 1 to 60000 ms, not " + intervalMillis
              : "durability " + mode + " has no interval");
    }
  }

  /** Acknowledged means written to the operating system, and synced at most so much later. */
  public static Durability interval(long intervalMillis) {
    return new Durability(Mode.INTERVAL, intervalMillis);
  }

  /** When a write is acknowledged. Stored by {@link #code}. */
  public enum Mode {
    COMMIT(1),
    INTERVAL(2),
    NONE(3);

    private final int code;

    Mode(int code) {
      this.code = code;
    }

    /** How files name this mode; never changes. */
    public int code() {
      return code;
    }

    static Mode ofCode(int code) {
      for (Mode mode : values()) {
        if (mode.code == code) {
          return mode;
        }
      }
      throw new IllegalArgumentException("unknown durability code " + code);
    }
  }

  @Override
  public String toString() {
    return mode == Mode.INTERVAL
        ? "interval " + intervalMillis + " ms"
        : mode.name().toLowerCase(Locale.ROOT);
  }
}
