package io.distkv.server.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/**
 * A call that ends once, whoever ends it: what its handler still says after it was ended for it is
 * not said, and from the moment that it is refused its handler is told of no message. On its lane
 * only.
 */
final class GuardedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
  private boolean refused;
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

  /** It will be ended soon, and be told that nothing was done: so nothing must be done for it. */
  void refuse() {
    refused = true;
  }

  /** Whether its handler is not to be told of anything that the client says. */
  boolean isOver() {
    return refused || ended;
  }

  /** Ends it, unless it has ended. */
  void end(Failures.Ending ending) {
    // Trailers become those of one call, and these are those of many.
    Metadata trailers = new Metadata();
    trailers.merge(ending.trailers());
    close(ending.status(), trailers);
  }
}
