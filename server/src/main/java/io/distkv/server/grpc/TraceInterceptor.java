package io.distkv.server.grpc;

import io.distkv.node.session.Follower;
import io.distkv.server.trace.RequestTrace;
import io.distkv.server.trace.Tracing;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Traces calls from their headers to their status; those alone that end by themselves. Of a
 * pipeline, which may go on for days, each operation is a request of its own.
 */
final class TraceInterceptor implements ServerInterceptor {
  /** Looked for in every call; a key of its own takes longer to make than to look for. */
  private static final Metadata.Key<String> TRACE_PARENT =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

  private static final Context.Key<RequestTrace> TRACE = Context.key("distkv-trace");

  private final Tracing tracing;

  TraceInterceptor(Tracing tracing) {
    this.tracing = tracing;
  }

  /** Who follows the call that this code serves; null if nobody does. */
  static @Nullable Follower follower() {
    return TRACE.get();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    MethodDescriptor<Q, R> method = call.getMethodDescriptor();
    RequestTrace trace = isTraced(method) ? begin(headers) : null;
    if (trace == null) {
      return next.startCall(call, headers);
    }
    String name = method.getFullMethodName();
    ServerCall<Q, R> traced =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            super.close(status, trailers);
            trace.end(name, status.getCode().name(), isOurs(status.getCode()));
          }
        };
    ServerCall.Listener<Q> listener =
        Contexts.interceptCall(Context.current().withValue(TRACE, trace), traced, headers, next);
    return new SimpleForwardingServerCallListener<>(listener) {
      @Override
      public void onCancel() {
        super.onCancel();
        trace.end(name, Status.Code.CANCELLED.name(), false);
      }
    };
  }

  private @Nullable RequestTrace begin(Metadata headers) {
    return tracing.begin("grpc", name -> headers.get(key(name)));
  }

  private static Metadata.Key<String> key(String name) {
    return name.equals(TRACE_PARENT.originalName())
        ? TRACE_PARENT
        : Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private static boolean isTraced(MethodDescriptor<?, ?> method) {
    String service = method.getServiceName();
    return service != null
        && service.startsWith("distkv.")
        && (method.getType() == MethodType.UNARY || "Scan".equals(method.getBareMethodName()));
  }

  /** Whether such a status means that the node could not do what was asked. */
  private static boolean isOurs(Status.Code code) {
    return switch (code) {
      case UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS -> true;
      default -> false;
    };
  }
}
