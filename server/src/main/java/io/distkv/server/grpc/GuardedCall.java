package io.distkv.server.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/**
 * A call that ends once, whoever ends it: what its handler still says after it was ended for it is
 * not said. On its lane only.
 */
final class GuardedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
  private boolean ended;

  GuardedCall(ServerCall<Q, R> call) {
    super(call);
  }

  @Override
  public void sendMessage(R message) {
    if (!ended) {
      super.sendMessage(message);
    }
  }

  @Override
  public void sendHeaders(Metadata headers) {
    if (!ended) {
      super.sendHeaders(headers);
    }
  }

  @Override
  public void close(Status status, Metadata trailers) {
    if (!ended) {
      ended = true;
      super.close(status, trailers);
    }
  }

  /** Ends it, unless it has ended. */
  void end(Failures.Ending ending) {
    // Trailers become those of one call, and these are those of many.
    Metadata trailers = new Metadata();
    trailers.merge(ending.trailers());
    close(ending.status(), trailers);
  }
}
