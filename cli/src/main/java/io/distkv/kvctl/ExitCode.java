package io.distkv.kvctl;

/** How a command ended, as the shell sees it; docs/kvctl.md lists them for users. */
public enum ExitCode {
  /** All that was asked for was done. */
  DONE(0),
  /** Some of it: a key was not there, a condition did not hold, lines of an import were bad. */
  PARTIAL(1),
  /** The command line is wrong; nothing was done. */
  USAGE(2),
  /** No node answers at the address, or it went away for longer than the command would wait. */
  UNREACHABLE(3),
  /** The node answered with an error. */
  SERVER(4),
  /** Stopped by Ctrl-C or a termination signal. */
  INTERRUPTED(5),
  /** A file on this machine cannot be read or written. */
  FILE(6),
  /** A defect in kvctl itself. */
  DEFECT(70),
  /** Whoever read the standard output went away (as {@code head} does), the shell's usual code. */
  BROKEN_PIPE(141);

  private final int value;

  ExitCode(int value) {
    this.value = value;
  }

  /** The code that a number stands for. */
  static ExitCode of(int value) {
    for (ExitCode code : values()) {
      if (code.value == value) {
        return code;
      }
    }
    throw new IllegalArgumentException("no exit code is " + value);
  }

  /** The number given to the shell. */
  public int value() {
    return value;
  }
}
