package io.distkv.server.http.exchange;

import io.distkv.base.ErrorCode;
import io.helidon.http.Header;
import io.helidon.http.Status;

/** Ends the handling of a request with a problem that its client is told. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial")
  private final Problem problem;

  public ProblemException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** The request is wrong and will be wrong again. */
  public static ProblemException invalid(String detail) {
    return new ProblemException(Problem.of(ErrorCode.INVALID_ARGUMENT, detail));
  }

  public static ProblemException of(ErrorCode code, String detail) {
    return new ProblemException(Problem.of(code, detail));
  }

  static ProblemException of(Status status, ErrorCode code, String detail, Header... headers) {
    return new ProblemException(Problem.of(status, code, detail, headers));
  }

  /** What is wrong. */
  public Problem problem() {
    return problem;
  }
}
