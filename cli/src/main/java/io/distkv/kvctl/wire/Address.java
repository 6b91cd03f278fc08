package io.distkv.kvctl.wire;

import io.distkv.kvctl.Failure;

/**
 * Where a node listens for RESP.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65535
 */
public record Address(String host, int port) {
  /** Where a node listens unless told otherwise. */
  public static final Address DEFAULT = new Address("127.0.0.1", 6379);

  /**
   * Reads {@code host:port}, {@code host}, {@code :port} or {@code [ipv6]:port}; what is left out
   * is that of {@link #DEFAULT}.
   *
   * @param source where the text comes from, for the message of a failure
   */
  public static Address parse(String text, String source) {
    if (text.isEmpty()) {
      // The unset variable of a script, most likely: not the default node, to delete something on.
      throw Failure.usage(source + " is empty; it is HOST:PORT");
    }
    int bracket = text.lastIndexOf(']');
    int colon = text.lastIndexOf(':');
    boolean bareIpv6 = bracket < 0 && text.indexOf(':') != colon;
    String host = text;
    int port = DEFAULT.port;
    if (colon > bracket && !bareIpv6) {
      host = text.substring(0, colon);
      port = port(text.substring(colon + 1), text, source);
    }
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return new Address(host.isEmpty() ? DEFAULT.host : host, port);
  }

  private static int port(String digits, String text, String source) {
    int port = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
    if (port < 1 || port > 65_535) {
      throw Failure.usage(
          source + " is '" + text + "', which is no HOST:PORT with a port from 1 to 65535");
    }
    return port;
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
