package io.distkv.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.distkv.api.v1.ErrorDetail;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt failed.
 *
 * @param status what gRPC says
 * @param code what the node says; null if it says nothing, or something that is not known here
 * @param text for people
 * @param retryAfterMillis after how long the node wants to be asked again; 0 if it does not say
 * @param resumeVersion of a watch, the version up to which the node has told everything; 0 if it
 *     does not say
 * @param reach how far the request came
 * @param cause what broke the connection, if anything did
 */
record AttemptEnd(
    Status.Code status,
    @Nullable ErrorCode code,
    String text,
    long retryAfterMillis,
    long resumeVersion,
    Reach reach,
    @Nullable Throwable cause) {

  /** How far a request came. */
  enum Reach {
    /** It never left this process: nothing can have happened. */
    NOT_SENT,
    /** It left, at least in part, and the node has not answered. */
    SENT,
    /** The node has answered. */
    ANSWERED
  }

  /** Of a call that has ended. */
  static AttemptEnd of(Status status, @Nullable Metadata trailers, Reach reach) {
    ErrorDetail detail = detail(status, trailers);
    return new AttemptEnd(
        status.getCode(),
        detail == null ? null : code(detail.getCode()),
        text(status),
        detail == null ? 0 : Integer.toUnsignedLong(detail.getRetryAfterMillis()),
        detail == null ? 0 : detail.getResumeVersion(),
        reach,
        status.getCause());
  }

  /** Of an operation within a stream. */
  static AttemptEnd of(ErrorDetail detail, String text) {
    return new AttemptEnd(
        Status.Code.UNKNOWN,
        code(detail.getCode()),
        text,
        Integer.toUnsignedLong(detail.getRetryAfterMillis()),
        0,
        Reach.ANSWERED,
        null);
  }

  /** Of an operation whose time has run out. */
  static AttemptEnd timeout(String text, Reach reach) {
    return new AttemptEnd(Status.Code.DEADLINE_EXCEEDED, null, text, 0, 0, reach, null);
  }

  /** The same as the end of the connection alone: of the operation, the node has said nothing. */
  AttemptEnd unanswered() {
    return new AttemptEnd(status, null, text, retryAfterMillis, 0, Reach.SENT, cause);
  }

  /** The code to tell the caller: the node's, or what the status means. */
  ErrorCode told() {
    if (code != null) {
      return code;
    }
    return switch (status) {
      case INVALID_ARGUMENT -> ErrorCode.INVALID_ARGUMENT;
      case NOT_FOUND -> ErrorCode.NOT_FOUND;
      case DEADLINE_EXCEEDED -> ErrorCode.TIMEOUT;
      case UNAUTHENTICATED -> ErrorCode.UNAUTHENTICATED;
      case PERMISSION_DENIED -> ErrorCode.PERMISSION_DENIED;
      // Of a node, what gRPC itself refuses before it reads it; else the connection was given up.
      case RESOURCE_EXHAUSTED ->
          reach == Reach.ANSWERED ? ErrorCode.TOO_LARGE : ErrorCode.UNAVAILABLE;
      case UNAVAILABLE -> ErrorCode.UNAVAILABLE;
      case CANCELLED -> reach == Reach.NOT_SENT ? ErrorCode.CANCELLED : ErrorCode.UNAVAILABLE;
      case INTERNAL -> ErrorCode.INTERNAL;
      case OK,
          UNKNOWN,
          ALREADY_EXISTS,
          ABORTED,
          OUT_OF_RANGE,
          FAILED_PRECONDITION,
          UNIMPLEMENTED,
          DATA_LOSS ->
          ErrorCode.UNKNOWN;
    };
  }

  private static @Nullable ErrorDetail detail(Status status, @Nullable Metadata trailers) {
    if (trailers == null) {
      return null;
    }
    com.google.rpc.Status rich = StatusProto.fromStatusAndTrailers(status, trailers);
    for (Any any : rich.getDetailsList()) {
      if (any.is(ErrorDetail.class)) {
        try {
          return any.unpack(ErrorDetail.class);
        } catch (InvalidProtocolBufferException e) {
          return null;
        }
      }
    }
    return null;
  }

  private static @Nullable ErrorCode code(io.distkv.api.v1.ErrorCode code) {
    return switch (code) {
      case INVALID_ARGUMENT -> ErrorCode.INVALID_ARGUMENT;
      case NOT_FOUND -> ErrorCode.NOT_FOUND;
      case VERSION_MISMATCH -> ErrorCode.VERSION_MISMATCH;
      case TOO_LARGE -> ErrorCode.TOO_LARGE;
      case NO_QUORUM -> ErrorCode.NO_QUORUM;
      case NOT_LEADER -> ErrorCode.NOT_LEADER;
      case STALE_TOPOLOGY -> ErrorCode.STALE_TOPOLOGY;
      case OVERLOADED -> ErrorCode.OVERLOADED;
      case TIMEOUT -> ErrorCode.TIMEOUT;
      case UNAUTHENTICATED -> ErrorCode.UNAUTHENTICATED;
      case PERMISSION_DENIED -> ErrorCode.PERMISSION_DENIED;
      case READ_ONLY -> ErrorCode.READ_ONLY;
      case DISK_FULL -> ErrorCode.DISK_FULL;
      case CORRUPTION -> ErrorCode.CORRUPTION;
      case INTERNAL -> ErrorCode.INTERNAL;
      case HISTORY_GONE -> ErrorCode.HISTORY_GONE;
      case ERROR_CODE_UNSPECIFIED, UNRECOGNIZED -> null;
    };
  }

  /**
   * With the innermost cause, which is where gRPC says that a connection was refused, and whose.
   */
  private static String text(Status status) {
    String said = Objects.requireNonNullElse(status.getDescription(), status.getCode().name());
    Throwable cause = status.getCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause == null || cause.getMessage() == null || said.contains(cause.getMessage())
        ? said
        : said + ": " + cause.getMessage();
  }
}
