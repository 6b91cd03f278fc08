package io.distkv.client;

import com.google.protobuf.MessageLite;
import io.distkv.client.AttemptEnd.Reach;
import io.distkv.client.ClientObserver.Observation;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** An operation that is a call of its own: one message there, one back. */
record UnaryCall<Q extends MessageLite, R>(
    String name,
    String keyspace,
    RetryTable.Kind kind,
    long sizeBytes,
    MethodDescriptor<Q, R> method,
    Q request)
    implements Call<R> {

  @Override
  public Attempt start(
      Connection connection,
      long deadlineNanos,
      Observation observation,
      Attempt.Listener<R> listener) {
    Reached reached = new Reached();
    CallOptions options = connection.options(deadlineNanos).withStreamTracerFactory(reached);
    ClientCall<Q, R> call = connection.channel().newCall(method, options);
    Try<Q, R> attempt = new Try<>(call, reached, listener);
    call.start(attempt, Headers.of(observation));
    // Two, so that an answer of two messages is found out.
    call.request(2);
    call.sendMessage(request);
    call.halfClose();
    return attempt;
  }

  private static final class Try<Q, R> extends ClientCall.Listener<R> implements Attempt {
    private final ClientCall<Q, R> call;
    private final Reached reached;
    private final Attempt.Listener<R> listener;
    private @Nullable R result;

    Try(ClientCall<Q, R> call, Reached reached, Attempt.Listener<R> listener) {
      this.call = call;
      this.reached = reached;
      this.listener = listener;
    }

    @Override
    public void onMessage(R message) {
      result = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      R got = result;
      if (status.isOk() && got != null) {
        listener.succeeded(got);
      } else if (status.isOk()) {
        Status nothing = Status.INTERNAL.withDescription("an answer without a message");
        listener.failed(AttemptEnd.of(nothing, null, Reach.SENT));
      } else {
        listener.failed(AttemptEnd.of(status, trailers, reached.reach()));
      }
    }

    @Override
    public boolean cancel() {
      call.cancel("the caller gave it up", null);
      return reached.reach() != Reach.NOT_SENT;
    }
  }
}
