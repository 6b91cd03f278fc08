package io.distkv.client;

import org.jspecify.annotations.Nullable;

/** What came of an operation: no exception yet, which is made where somebody asks. */
sealed interface Outcome<R> {

  /** It was done. */
  record Done<R>(R result) implements Outcome<R> {}

  /**
   * It failed.
   *
   * @param unknown whether it is a write that may have happened all the same
   */
  record Failed<R>(ErrorCode code, String text, boolean unknown, @Nullable Throwable cause)
      implements Outcome<R> {

    DistKvException exception() {
      if (unknown) {
        return new OutcomeUnknownException(code, text, cause);
      }
      return switch (code) {
        case VERSION_MISMATCH -> new VersionMismatchException(text, cause);
        case HISTORY_GONE -> new HistoryGoneException(text, cause);
        default -> new DistKvException(code, text, cause);
      };
    }
  }

  static <R> Outcome<R> failed(ErrorCode code, String text) {
    return new Failed<>(code, text, false, null);
  }
}
