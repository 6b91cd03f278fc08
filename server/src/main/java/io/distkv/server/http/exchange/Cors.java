package io.distkv.server.http.exchange;

import io.distkv.base.ErrorCode;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may use this server from a browser (CORS): those of the given origins, and of the
 * server's own. A request that changes something and says that it comes from another page is
 * refused, even where the browser would not have asked before.
 */
public final class Cors {
  private static final String ANY = "*";
  private static final String ALLOWED_HEADERS =
      "Content-Type, Content-Encoding, If-Match, If-None-Match, DistKV-TTL, DistKV-Keep-TTL,"
          + " Last-Event-ID";
  private static final String EXPOSED_HEADERS =
      "ETag, Location, Retry-After, DistKV-TTL, DistKV-Version, DistKV-Previous-Version";
  private static final String PREFLIGHT_SECONDS = "600";
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

  private final List<String> origins;

  /**
   * @param origins such as {@code https://example.org}, without a slash at the end; {@code *} for
   *     any; empty for none
   */
  public Cors(List<String> origins) {
    this.origins = List.copyOf(origins);
  }

  /** Refuses what a foreign page must not do. */
  void check(Exchange exchange) {
    String origin = exchange.header(HeaderNames.ORIGIN);
    if (origin == null || isAllowed(origin) || SAFE_METHODS.contains(exchange.method())) {
      return;
    }
    String host = exchange.header(HeaderNames.HOST);
    if (!isOwn(origin, host)) {
      throw ProblemException.of(
          ErrorCode.PERMISSION_DENIED,
          "pages of this origin may change nothing here; see the setting http.cors");
    }
  }

  private static boolean isOwn(String origin, @Nullable String host) {
    String lower = origin.toLowerCase(Locale.ROOT);
    return host != null
        && (lower.equals("http://" + host.toLowerCase(Locale.ROOT))
            || lower.equals("https://" + host.toLowerCase(Locale.ROOT)));
  }

  private boolean isAllowed(String origin) {
    return origins.contains(ANY) || origins.contains(origin);
  }

  /** Says in an answer what the page behind the request may do with it. */
  void describe(Exchange exchange, Answer answer) {
    if (origins.isEmpty()) {
      return;
    }
    if (!origins.contains(ANY)) {
      answer.header(HeaderNames.VARY, "Origin");
    }
    List<String> said = exchange.headers(HeaderNames.ORIGIN);
    if (said.size() == 1 && isAllowed(said.getFirst())) {
      // One of the settings, or a star: never what the client wrote.
      answer.header(
          HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN,
          origins.contains(ANY) ? ANY : origins.get(origins.indexOf(said.getFirst())));
      answer.header(HeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
    }
  }

  /** What a browser is told that asks before it sends a page's request. */
  Answer options(Exchange exchange, Routes.Template template) {
    Answer answer = Answer.of(Status.NO_CONTENT_204).header(HeaderNames.ALLOW, template.allowed());
    List<String> said = exchange.headers(HeaderNames.ORIGIN);
    HeaderName asked = HeaderNames.ACCESS_CONTROL_REQUEST_METHOD;
    if (said.size() == 1 && isAllowed(said.getFirst()) && !exchange.headers(asked).isEmpty()) {
      answer.header(
          HeaderNames.ACCESS_CONTROL_ALLOW_METHODS,
          String.join(", ", template.byMethod().keySet()));
      answer.header(HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS);
      answer.header(HeaderNames.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
    }
    return answer;
  }
}
