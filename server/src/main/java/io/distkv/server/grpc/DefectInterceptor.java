package io.distkv.server.grpc;

import io.distkv.base.ErrorCode;
import io.distkv.server.call.BadRequestException;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.util.Objects;
import java.util.function.Consumer;

/** Ends a call whose handler throws, with what the client should be told of that. */
final class DefectInterceptor implements ServerInterceptor {
  private final Consumer<Throwable> defects;

  /**
   * @param defects told of what nobody expected
   */
  DefectInterceptor(Consumer<Throwable> defects) {
    this.defects = defects;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
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
          close(Failures.status(e));
        } catch (RuntimeException e) {
          defects.accept(e);
          close(
              Failures.status(ErrorCode.INTERNAL, "a defect of the node; its log has the details"));
        }
      }

      private void close(StatusRuntimeException status) {
        call.close(status.getStatus(), Objects.requireNonNull(status.getTrailers()));
      }
    };
  }
}
