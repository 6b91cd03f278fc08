package io.distkv.client;

import io.distkv.client.AttemptEnd.Reach;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;

/**
 * How far a call has come. Its headers count as sent once the socket has taken them; while a call
 * waits for a connection, or for a free stream on it, nothing has left. What gRPC itself sends
 * again, because the other side has said that it has not looked at it, counts as sent.
 */
final class Reached extends ClientStreamTracer.Factory {
  private volatile boolean sent;
  private volatile boolean answered;

  Reach reach() {
    if (answered) {
      return Reach.ANSWERED;
    }
    return sent ? Reach.SENT : Reach.NOT_SENT;
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    return new ClientStreamTracer() {
      @Override
      public void outboundHeaders() {
        sent = true;
      }

      @Override
      public void inboundTrailers(Metadata trailers) {
        answered = true;
      }
    };
  }
}
