package io.distkv.server.grpc;

import io.distkv.api.v1.KeyValueGrpc;
import io.distkv.base.ErrorCode;
import io.distkv.node.session.UnaryCalls;
import io.distkv.server.call.BadRequestException;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Guards calls: one whose handler throws ends with what the client should be told of that, and one
 * that its {@link InboundCall} refuses has ended for its handler, too. A write that comes when the
 * lane has too many is refused as of its headers: to read it first, only to refuse it then, can
 * take longer than what is left for those that are taken.
 */
final class CallGuard implements ServerInterceptor {
  private static final Failures.Ending WRITE_REFUSED =
      Failures.ending(UnaryCalls.WRITE_REFUSED.code(), UnaryCalls.WRITE_REFUSED.text());
  private static final Set<String> WRITES =
      Set.of(
          KeyValueGrpc.getPutMethod().getFullMethodName(),
          KeyValueGrpc.getDeleteMethod().getFullMethodName(),
          KeyValueGrpc.getIncrementMethod().getFullMethodName(),
          KeyValueGrpc.getBatchMethod().getFullMethodName());

  private final Consumer<Throwable> defects;

  /**
   * @param defects told of what nobody expected
   */
  CallGuard(Consumer<Throwable> defects) {
    this.defects = defects;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    GuardedCall<Q, R> guarded = new GuardedCall<>(call);
    CallLane lane = CallLane.current();
    lane.inbound().attach(headers, guarded);
    if (WRITES.contains(call.getMethodDescriptor().getFullMethodName())
        && lane.calls().refusesWrites()) {
      guarded.end(WRITE_REFUSED);
      return new ServerCall.Listener<>() {};
    }
    return new SimpleForwardingServerCallListener<>(next.startCall(guarded, headers)) {
      @Override
      public void onMessage(Q message) {
        guard(() -> super.onMessage(message));
      }

      @Override
      public void onHalfClose() {
        guard(super::onHalfClose);
      }

      private void guard(Runnable handler) {
        if (guarded.isOver()) {
          return;
        }
        try {
          handler.run();
        } catch (BadRequestException e) {
          guarded.end(Failures.ending(ErrorCode.INVALID_ARGUMENT, e.text()));
        } catch (RuntimeException e) {
          defects.accept(e);
          guarded.end(
              Failures.ending(ErrorCode.INTERNAL, "a defect of the node; its log has the details"));
        }
      }
    };
  }
}
