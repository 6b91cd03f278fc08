package io.distkv.client;

/** Where a node listens. */
record Address(String host, int port) {
  static final int DEFAULT_PORT = 7_379;

  /**
   * @param text {@code host:port}, {@code host}, {@code [IPv6]:port} or {@code [IPv6]}
   * @throws IllegalArgumentException if it is none of these
   */
  static Address of(String text) {
    int hostEnd = text.startsWith("[") ? text.indexOf(']') + 1 : text.lastIndexOf(':');
    if (hostEnd < 0) {
      hostEnd = text.length();
    }
    String host = text.substring(0, hostEnd);
    String rest = text.substring(hostEnd);
    if (!host.startsWith("[") && host.indexOf(':') >= 0) {
      throw wrong(text);
    }
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isEmpty()) {
      throw wrong(text);
    }
    if (rest.isEmpty()) {
      return new Address(host, DEFAULT_PORT);
    }
    try {
      int port = Integer.parseInt(rest.substring(1));
      if (rest.charAt(0) != ':' || port < 1 || port > 65_535) {
        throw wrong(text);
      }
      return new Address(host, port);
    } catch (NumberFormatException e) {
      throw wrong(text);
    }
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException("'" + text + "' is no address like 127.0.0.1:7379");
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
