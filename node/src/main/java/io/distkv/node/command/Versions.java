package io.distkv.node.command;

import io.distkv.base.Version;

/**
 * Versions as words: in decimal, and as text in replies, since clients in JavaScript would round
 * such large numbers.
 */
final class Versions {
  private static final Reply.Failure NO_VERSION =
      Errors.invalid("a version is a whole number above 0, as replies give it");

  private Versions() {}

  /** The version that a word says. */
  static long parse(Arguments args, int index) {
    long version = args.integer(index, NO_VERSION);
    if (version <= Version.NONE || version == Version.LATEST) {
      throw new CommandException(NO_VERSION);
    }
    return version;
  }

  static Reply reply(long version) {
    return new Reply.Decimal(version);
  }
}
