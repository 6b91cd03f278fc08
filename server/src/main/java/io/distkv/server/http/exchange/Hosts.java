package io.distkv.server.http.exchange;

import io.distkv.base.ErrorCode;
import io.helidon.http.HeaderNames;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * By which names this server may be called. A page of a foreign site can have its own name lead to
 * this machine once it is loaded (DNS rebinding); a browser then takes the server for the page's
 * own, and what tells them apart is the name that it was called by. An address is no such name.
 */
public final class Hosts {
  private static final String ANY = "*";
  private static final Pattern ADDRESS =
      Pattern.compile("\\[[0-9a-f:.%]+\\]|[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern PORT = Pattern.compile(":[0-9]*$");

  private final List<String> names;

  /**
   * @param names beside addresses, in lower case; {@code *} for any
   */
  public Hosts(List<String> names) {
    this.names = List.copyOf(names);
  }

  /** Refuses a request that calls the server by another name. */
  void check(Exchange exchange) {
    String host = exchange.header(HeaderNames.HOST);
    if (!isAllowed(host)) {
      throw ProblemException.of(
          ErrorCode.PERMISSION_DENIED,
          "this node is not called so over HTTP; see the setting http.hosts");
    }
  }

  private boolean isAllowed(@Nullable String host) {
    if (host == null || names.contains(ANY)) {
      return true;
    }
    String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
    String absolute = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    return ADDRESS.matcher(absolute).matches() || names.contains(absolute);
  }
}
