package io.distkv.server.http.watch;

import io.helidon.webserver.CloseConnectionException;
import org.jspecify.annotations.Nullable;

/** What a watch finds, as the thread takes it that sends it to the client. */
interface Deliveries {
  /**
   * Waits for the next one.
   *
   * @return null if there was nothing for a while
   * @throws CloseConnectionException if the client is gone
   */
  Hand.@Nullable Delivery next();

  /** What came last is sent: there may be more. */
  void sent();
}
