package io.distkv.node.command;

import io.distkv.node.command.Expiry.Unit;
import org.jspecify.annotations.Nullable;

/**
 * The options of SET and GETEX. Redis allows an option to be said twice (the later time wins) but
 * not two options that contradict each other.
 */
final class ValueOptions {
  boolean onlyIfAbsent;
  boolean onlyIfPresent;
  boolean returnPrevious;
  boolean keepExpiry;
  boolean persist;
  @Nullable Unit unit;
  int amountIndex;

  private ValueOptions() {}

  /** Reads SET's options, which begin at a word. */
  static ValueOptions ofSet(Arguments args, int from) {
    ValueOptions options = new ValueOptions();
    for (int i = from; i < args.size(); i++) {
      if (args.is(i, "NX") && !options.onlyIfPresent) {
        options.onlyIfAbsent = true;
      } else if (args.is(i, "XX") && !options.onlyIfAbsent) {
        options.onlyIfPresent = true;
      } else if (args.is(i, "GET")) {
        options.returnPrevious = true;
      } else if (args.is(i, "KEEPTTL") && options.unit == null) {
        options.keepExpiry = true;
      } else {
        i = options.time(args, i);
      }
    }
    return options;
  }

  /** Reads GETEX's options, which begin at a word. */
  static ValueOptions ofGetEx(Arguments args, int from) {
    ValueOptions options = new ValueOptions();
    for (int i = from; i < args.size(); i++) {
      if (args.is(i, "PERSIST") && options.unit == null) {
        options.persist = true;
      } else {
        i = options.time(args, i);
      }
    }
    return options;
  }

  /** Reads a unit and remembers where its amount is; gives the index of the amount. */
  private int time(Arguments args, int index) {
    for (Unit candidate : Unit.values()) {
      if (args.is(index, candidate.name())) {
        boolean contradicted = keepExpiry || persist || (unit != null && unit != candidate);
        if (contradicted || index + 1 == args.size()) {
          break;
        }
        unit = candidate;
        amountIndex = index + 1;
        return amountIndex;
      }
    }
    throw new CommandException(Errors.SYNTAX);
  }

  /** The time that was asked for, checked as far as it can be without a clock; null if none. */
  @Nullable Expiry expiry(Arguments args, String command) {
    if (unit == null) {
      return null;
    }
    Expiry expiry = new Expiry(unit, args.integer(amountIndex), command);
    expiry.checkPositive();
    return expiry;
  }
}
