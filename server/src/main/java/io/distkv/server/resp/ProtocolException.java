package io.distkv.server.resp;

/**
 * The bytes of a client are not a Redis request. The message is what the client is told after
 * {@code -ERR Protocol error: }, in Redis's words where Redis has the same case; the connection
 * cannot be used afterwards, because nobody knows where the next request starts.
 */
final class ProtocolException extends Exception {
  private static final long serialVersionUID = 1L;

  ProtocolException(String message) {
    super(message, null, false, false);
  }
}
