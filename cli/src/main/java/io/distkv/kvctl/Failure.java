package io.distkv.kvctl;

import org.jspecify.annotations.Nullable;

/**
 * Ends a command: its message is the one sentence that the user sees, so it names the thing that is
 * wrong and, where there is one, the fix. An empty message ends silently.
 */
public final class Failure extends RuntimeException {
  private final ExitCode code;

  public Failure(ExitCode code, String message) {
    this(code, message, null);
  }

  public Failure(ExitCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The failure of a command line that cannot be obeyed as it stands. */
  public static Failure usage(String message) {
    return new Failure(ExitCode.USAGE, message);
  }

  /** The failure of a command that was stopped by a signal. */
  public static Failure interrupted(@Nullable Throwable cause) {
    return new Failure(ExitCode.INTERRUPTED, "interrupted", cause);
  }

  public ExitCode code() {
    return code;
  }

  /** The message, never null. */
  public String sentence() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
