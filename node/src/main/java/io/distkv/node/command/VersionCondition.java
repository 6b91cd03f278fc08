package io.distkv.node.command;

import io.distkv.base.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of a key for a write of it to take effect.
 *
 * @param version that the key must have; only of {@link Kind#VERSION}
 */
record VersionCondition(Kind kind, long version) {
  static final VersionCondition NONE = new VersionCondition(Kind.NONE, 0);
  static final VersionCondition ABSENT = new VersionCondition(Kind.ABSENT, 0);
  static final VersionCondition PRESENT = new VersionCondition(Kind.PRESENT, 0);

  enum Kind {
    NONE,
    ABSENT,
    PRESENT,
    VERSION
  }

  /** The condition that the key has the version that a word says. */
  static VersionCondition version(Arguments args, int index) {
    return new VersionCondition(Kind.VERSION, Versions.parse(args, index));
  }

  /** Ends the command with VERSION_MISMATCH if it does not hold of what the key has. */
  void check(@Nullable Value current) {
    boolean holds =
        switch (kind) {
          case NONE -> true;
          case ABSENT -> current == null;
          case PRESENT -> current != null;
          case VERSION -> current != null && current.version() == version;
        };
    if (!holds) {
      throw new CommandException(
          Errors.of(ErrorCode.VERSION_MISMATCH, wanted() + ", but " + found(current)));
    }
  }

  private String wanted() {
    return switch (kind) {
      case NONE -> throw new IllegalStateException("nothing is wanted");
      case ABSENT -> "the key was to be absent";
      case PRESENT -> "the key was to be there";
      case VERSION -> "the key was to have version " + version;
    };
  }

  private static String found(@Nullable Value current) {
    return current == null ? "it is absent" : "it has version " + current.version();
  }
}
