package io.distkv.node.command;

/**
 * The time at which a value ends, as a command said it: relative times count from the stamp of the
 * entry that is applied, so that a replayed log gives the same expiries.
 *
 * @param amount in seconds or milliseconds, as {@code unit} says
 * @param command whose name errors show
 */
record Expiry(Unit unit, long amount, String command) {

  /** The four ways to say a time. */
  enum Unit {
    EX(1_000, true),
    PX(1, true),
    EXAT(1_000, false),
    PXAT(1, false);

    private final long millis;
    private final boolean relative;

    Unit(long millis, boolean relative) {
      this.millis = millis;
      this.relative = relative;
    }
  }

  /** Ends the command where no time can make this amount right. */
  void checkPositive() {
    if (amount <= 0 || amount > Long.MAX_VALUE / unit.millis) {
      throw invalid();
    }
  }

  /** Wall milliseconds since 1970; negative amounts are times past. */
  long atMillis(long nowMillis) {
    if (amount > Long.MAX_VALUE / unit.millis || amount < Long.MIN_VALUE / unit.millis) {
      throw invalid();
    }
    long millis = amount * unit.millis;
    if (!unit.relative) {
      return millis;
    }
    if (millis > Long.MAX_VALUE - nowMillis) {
      throw invalid();
    }
    return millis + nowMillis;
  }

  private CommandException invalid() {
    return CommandException.invalid("invalid expire time in '" + command + "' command");
  }
}
