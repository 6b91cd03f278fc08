package io.distkv.server.grpc;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.distkv.api.v1.ErrorDetail;
import io.distkv.base.ErrorCode;
import io.distkv.node.command.Reply;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Objects;

/** The one place that maps an {@link ErrorCode} to the statuses and codes of gRPC. */
final class Failures {
  /** How long an overloaded node asks its clients to wait, at least. */
  private static final int RETRY_AFTER_MILLIS = 100;

  private Failures() {}

  /** What a call ends with, as a server call takes it: without a stack trace of its own. */
  record Ending(io.grpc.Status status, Metadata trailers) {}

  static Ending ending(ErrorCode code, String text) {
    StatusRuntimeException thrown = status(code, text);
    return new Ending(thrown.getStatus(), Objects.requireNonNull(thrown.getTrailers()));
  }

  /** What a call ends with. */
  static StatusRuntimeException status(Reply.Failure failure) {
    return status(failure.code(), failure.text());
  }

  static StatusRuntimeException status(ErrorCode code, String text) {
    return status(code, text, detail(code));
  }

  /** What a watch ends with that told everything up to a version. */
  static StatusRuntimeException watchEnded(Reply.Failure why, long through) {
    return status(
        why.code(), why.text(), detail(why.code()).toBuilder().setResumeVersion(through).build());
  }

  private static StatusRuntimeException status(ErrorCode code, String text, ErrorDetail detail) {
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(rpcCode(code).getNumber())
            .setMessage(text)
            .addDetails(Any.pack(detail))
            .build());
  }

  static ErrorDetail detail(ErrorCode code) {
    return ErrorDetail.newBuilder()
        .setCode(apiCode(code))
        .setRetryAfterMillis(code == ErrorCode.OVERLOADED ? RETRY_AFTER_MILLIS : 0)
        .build();
  }

  private static Code rpcCode(ErrorCode code) {
    return switch (code) {
      case INVALID_ARGUMENT, TOO_LARGE -> Code.INVALID_ARGUMENT;
      case NOT_FOUND -> Code.NOT_FOUND;
      case VERSION_MISMATCH -> Code.ABORTED;
      case HISTORY_GONE -> Code.OUT_OF_RANGE;
      case NO_QUORUM, NOT_LEADER, STALE_TOPOLOGY -> Code.UNAVAILABLE;
      case OVERLOADED -> Code.RESOURCE_EXHAUSTED;
      case TIMEOUT -> Code.DEADLINE_EXCEEDED;
      case UNAUTHENTICATED -> Code.UNAUTHENTICATED;
      case PERMISSION_DENIED -> Code.PERMISSION_DENIED;
      case READ_ONLY, DISK_FULL -> Code.FAILED_PRECONDITION;
      case CORRUPTION -> Code.DATA_LOSS;
      case INTERNAL -> Code.INTERNAL;
    };
  }

  private static io.distkv.api.v1.ErrorCode apiCode(ErrorCode code) {
    return switch (code) {
      case INVALID_ARGUMENT -> io.distkv.api.v1.ErrorCode.INVALID_ARGUMENT;
      case NOT_FOUND -> io.distkv.api.v1.ErrorCode.NOT_FOUND;
      case VERSION_MISMATCH -> io.distkv.api.v1.ErrorCode.VERSION_MISMATCH;
      case HISTORY_GONE -> io.distkv.api.v1.ErrorCode.HISTORY_GONE;
      case TOO_LARGE -> io.distkv.api.v1.ErrorCode.TOO_LARGE;
      case NO_QUORUM -> io.distkv.api.v1.ErrorCode.NO_QUORUM;
      case NOT_LEADER -> io.distkv.api.v1.ErrorCode.NOT_LEADER;
      case STALE_TOPOLOGY -> io.distkv.api.v1.ErrorCode.STALE_TOPOLOGY;
      case OVERLOADED -> io.distkv.api.v1.ErrorCode.OVERLOADED;
      case TIMEOUT -> io.distkv.api.v1.ErrorCode.TIMEOUT;
      case UNAUTHENTICATED -> io.distkv.api.v1.ErrorCode.UNAUTHENTICATED;
      case PERMISSION_DENIED -> io.distkv.api.v1.ErrorCode.PERMISSION_DENIED;
      case READ_ONLY -> io.distkv.api.v1.ErrorCode.READ_ONLY;
      case DISK_FULL -> io.distkv.api.v1.ErrorCode.DISK_FULL;
      case CORRUPTION -> io.distkv.api.v1.ErrorCode.CORRUPTION;
      case INTERNAL -> io.distkv.api.v1.ErrorCode.INTERNAL;
    };
  }
}
