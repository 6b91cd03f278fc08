package io.distkv.server.http.exchange;

/** What fills an answer that goes on. On the request's own thread, which may wait. */
public interface EventSource {
  /**
   * Writes events until there are no more.
   *
   * @throws io.helidon.webserver.CloseConnectionException if the client is gone
   */
  void writeTo(EventOutput out);

  /** Nothing is written any more, whether anything was or not. */
  void close();
}
