package io.distkv.server;

/** How the process ended, as the shell sees it; docs/operations.md lists them for users. */
enum ExitStatus {
  /** Stopped as asked; or nothing wrong was found. */
  DONE(0),
  /** The node could not start or could not go on: its disk failed, or what is on it is damaged. */
  FAILED(1),
  /** The command line is wrong; nothing was done. */
  USAGE(2),
  /** {@code verify} found damage. */
  DAMAGED(3),
  /** A port or the data folder is in use by another process. */
  UNAVAILABLE(69),
  /** A defect in the program. */
  DEFECT(70),
  /** The configuration is wrong; nothing was done. */
  CONFIGURATION(78);

  private final int value;

  ExitStatus(int value) {
    this.value = value;
  }

  int value() {
    return value;
  }
}
