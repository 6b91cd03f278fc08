package io.distkv.server.resp;

/**
 * Recognises HTTP on the Redis port. A web page can make a browser send a POST to a port of the
 * user's own machine; its body would be taken for inline commands, had the connection not been
 * closed at the first line or header that no Redis client sends.
 */
final class HttpWords {
  private static final byte[] POST = {'p', 'o', 's', 't'};
  private static final byte[] HOST = {'h', 'o', 's', 't', ':'};

  private HttpWords() {}

  /** Whether the first word of a request is one of HTTP's. */
  static boolean isHttp(byte[] word) {
    return equalsIgnoreCase(word, POST) || equalsIgnoreCase(word, HOST);
  }

  private static boolean equalsIgnoreCase(byte[] word, byte[] lowerCase) {
    if (word.length != lowerCase.length) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      if ((word[i] | 0x20) != lowerCase[i]) {
        return false;
      }
    }
    return true;
  }
}
