package io.distkv.server.resp;

/**
 * What a connection needs of the session behind it. Used on the connection's lane only; replies
 * come back through the session's output, in the order of the requests.
 */
public interface Conversation {

  /** Starts a request; the words belong to the session afterwards. */
  void submit(byte[][] words);

  /** Requests that were submitted and not answered yet. */
  int inFlight();

  /** Bytes of the words of those requests. */
  long inFlightBytes();

  /** The client is gone: replies are not wanted any more. */
  void close();
}
