package io.distkv.server.http.watch;

import io.distkv.server.http.connection.ClientConnection;
import io.helidon.webserver.CloseConnectionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits for what a watch finds, and meanwhile looks after the client, which may go. */
record ClientDeliveries(Hand hand, ClientConnection connection) implements Deliveries {
  /** After so long without an event a client gets a line without meaning. */
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(15);

  @Override
  public Hand.@Nullable Delivery next() {
    connection.waiting(hand::gone);
    try {
      Hand.Delivery next = hand.take(SILENCE_NANOS);
      if (next == null && hand.isGone()) {
        throw new CloseConnectionException("the client is gone");
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CloseConnectionException("the server ends", e);
    } finally {
      connection.waited();
    }
  }

  @Override
  public void sent() {
    hand.sent();
  }
}
