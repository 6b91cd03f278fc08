package io.distkv.server.grpc;

import io.distkv.base.ErrorCode;
import io.distkv.server.call.BadRequestException;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.function.Consumer;

/**
 * Guards calls: one whose handler throws ends with what the client should be told of that, and one
 * that its {@link InboundCall} refuses has ended for its handler, too.
 */
final class CallGuard implements ServerInterceptor {
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
    CallLane.current().inbound().attach(headers, guarded);
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
