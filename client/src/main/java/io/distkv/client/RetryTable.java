package io.distkv.client;

import io.distkv.client.AttemptEnd.Reach;
import io.grpc.Status;

/**
 * Decides what becomes of an operation whose attempt has failed. The one place that does.
 *
 * <p>A read can be done again whenever that may help. A write is done again only where it is
 * certain that nothing was done: the node has said so, or the request never left this process. A
 * condition on the key does not change that: if the first attempt has happened, the second one
 * meets the first one's version, and the caller would be told of a mismatch that is his own write.
 * Else it is unknown whether the write has happened, and the caller is told just that.
 *
 * <pre>
 * the node's code                        read    write
 *   OVERLOADED NOT_LEADER STALE_TOPOLOGY retry   retry     nothing was done, says the contract
 *   NO_QUORUM                            retry   unknown   those who answered may have it
 *   TIMEOUT INTERNAL                     fail    unknown
 *   any other                            fail    fail      nothing was done
 * no code, and the request was not sent
 *   UNAVAILABLE                          retry   retry
 *   any other                            fail    fail
 * no code, sent, and not answered
 *   UNAVAILABLE CANCELLED INTERNAL       retry   unknown   the connection or the stream broke
 *   any other                            fail    unknown
 * no code in the answer, or one that is not known here
 *   UNAVAILABLE                          retry   unknown
 *   INVALID_ARGUMENT UNAUTHENTICATED PERMISSION_DENIED UNIMPLEMENTED RESOURCE_EXHAUSTED
 *                                        fail    fail      refused before it was looked at
 *   any other                            fail    unknown
 * </pre>
 */
final class RetryTable {

  /** What an operation does; all that matters for doing it again. */
  enum Kind {
    /** It changes nothing. */
    READ,
    /** It changes something, perhaps on a condition. */
    WRITE
  }

  /** What becomes of it. */
  enum Verdict {
    /** It may be tried again. */
    RETRY,
    /** It has failed; a write has done nothing. */
    FAIL,
    /** It is a write that may have happened. */
    UNKNOWN
  }

  private RetryTable() {}

  static Verdict judge(AttemptEnd end, Kind kind) {
    if (end.code() != null) {
      return byCode(end.code(), kind);
    }
    return switch (end.reach()) {
      case NOT_SENT -> end.status() == Status.Code.UNAVAILABLE ? Verdict.RETRY : Verdict.FAIL;
      case SENT, ANSWERED -> byStatus(end, kind);
    };
  }

  private static Verdict byCode(ErrorCode code, Kind kind) {
    return switch (code) {
      case OVERLOADED, NOT_LEADER, STALE_TOPOLOGY -> Verdict.RETRY;
      case NO_QUORUM -> of(kind, Verdict.RETRY);
      case TIMEOUT, INTERNAL -> of(kind, Verdict.FAIL);
      case INVALID_ARGUMENT,
          NOT_FOUND,
          VERSION_MISMATCH,
          TOO_LARGE,
          UNAUTHENTICATED,
          PERMISSION_DENIED,
          READ_ONLY,
          DISK_FULL,
          CORRUPTION,
          HISTORY_GONE ->
          Verdict.FAIL;
      // No node says these.
      case UNAVAILABLE, CANCELLED, UNKNOWN -> of(kind, Verdict.FAIL);
    };
  }

  private static Verdict byStatus(AttemptEnd end, Kind kind) {
    boolean answered = end.reach() == Reach.ANSWERED;
    return switch (end.status()) {
      case UNAVAILABLE -> of(kind, Verdict.RETRY);
      case CANCELLED, INTERNAL -> of(kind, answered ? Verdict.FAIL : Verdict.RETRY);
      case INVALID_ARGUMENT,
          UNAUTHENTICATED,
          PERMISSION_DENIED,
          UNIMPLEMENTED,
          RESOURCE_EXHAUSTED ->
          answered ? Verdict.FAIL : of(kind, Verdict.FAIL);
      case OK,
          UNKNOWN,
          DEADLINE_EXCEEDED,
          NOT_FOUND,
          ALREADY_EXISTS,
          FAILED_PRECONDITION,
          ABORTED,
          OUT_OF_RANGE,
          DATA_LOSS ->
          of(kind, Verdict.FAIL);
    };
  }

  private static Verdict of(Kind kind, Verdict ofRead) {
    return kind == Kind.READ ? ofRead : Verdict.UNKNOWN;
  }
}
