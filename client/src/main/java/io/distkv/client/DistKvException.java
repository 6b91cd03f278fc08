package io.distkv.client;

import org.jspecify.annotations.Nullable;

/**
 * Why an operation was not done. Of a write, it means that nothing was done, but for {@link
 * OutcomeUnknownException}, which means that nobody knows.
 */
public class DistKvException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  DistKvException(ErrorCode code, String text, @Nullable Throwable cause) {
    super(code + ": " + text, cause);
    this.code = code;
  }

  /**
   * What went wrong.
   *
   * @return the code
   */
  public final ErrorCode code() {
    return code;
  }
}
