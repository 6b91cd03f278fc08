package io.distkv.kvctl.wire;

import io.distkv.kvctl.Failure;

/**
 * Where a node listens, and for what.
 *
 * @param protocol what is spoken there
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65535
 */
public record Address(Protocol protocol, String host, int port) {
  private static final String LOOPBACK = "127.0.0.1";

  /** What a node can be spoken to in. */
  public enum Protocol {
    /** DistKV's own: what it can do, can be done. */
    GRPC("", 7379, "grpc"),
    /** That of Redis, and of other servers that speak it. */
    RESP("resp://", 6379, "resp");

    private final String scheme;
    private final int port;
    private final String word;

    Protocol(String scheme, int port, String word) {
      this.scheme = scheme;
      this.port = port;
      this.word = word;
    }

    /** Where a node listens for it unless told otherwise. */
    public Address byDefault() {
      return new Address(this, LOOPBACK, port);
    }

    /** How {@code distkv start} calls the address of it. */
    public String word() {
      return word;
    }
  }

  /**
   * Reads {@code host:port}, {@code host}, {@code :port} or {@code [ipv6]:port}, perhaps with
   * {@code resp://} before it; what is left out is that of {@link Protocol#byDefault}.
   *
   * @param unsaid the protocol of an address that names none
   * @param source where the text comes from, for the message of a failure
   */
  public static Address parse(String whole, Protocol unsaid, String source) {
    boolean resp = whole.startsWith(Protocol.RESP.scheme);
    Protocol protocol = resp ? Protocol.RESP : unsaid;
    String text = resp ? whole.substring(Protocol.RESP.scheme.length()) : whole;
    if (text.isEmpty()) {
      // The unset variable of a script, most likely: not the default node, to delete something on.
      throw Failure.usage(source + " is empty; it is HOST:PORT");
    }
    int bracket = text.lastIndexOf(']');
    int colon = text.lastIndexOf(':');
    boolean bareIpv6 = bracket < 0 && text.indexOf(':') != colon;
    String host = text;
    int port = protocol.port;
    if (colon > bracket && !bareIpv6) {
      host = text.substring(0, colon);
      port = port(text.substring(colon + 1), text, source);
    }
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return new Address(protocol, host.isEmpty() ? LOOPBACK : host, port);
  }

  private static int port(String digits, String text, String source) {
    int port = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
    if (port < 1 || port > 65_535) {
      throw Failure.usage(
          source + " is '" + text + "', which is no HOST:PORT with a port from 1 to 65535");
    }
    return port;
  }

  /** Whether RESP is spoken there. */
  public boolean isResp() {
    return protocol == Protocol.RESP;
  }

  /** Without the protocol. */
  public String hostAndPort() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  @Override
  public String toString() {
    return protocol.scheme + hostAndPort();
  }
}
