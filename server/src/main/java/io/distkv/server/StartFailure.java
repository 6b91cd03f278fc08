package io.distkv.server;

/** The node did not start for a reason that one sentence can tell its operator. */
final class StartFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final ExitStatus status;

  StartFailure(ExitStatus status, String sentence) {
    super(sentence);
    this.status = status;
  }

  StartFailure(ExitStatus status, String sentence, Throwable cause) {
    super(sentence, cause);
    this.status = status;
  }

  ExitStatus status() {
    return status;
  }
}
