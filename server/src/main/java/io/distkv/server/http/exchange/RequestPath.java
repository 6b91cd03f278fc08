package io.distkv.server.http.exchange;

import java.util.List;

/**
 * The path of a request line, cut into segments at its slashes before anything is decoded; so
 * nothing that is escaped in a key can become a slash, or a step up. Nothing is normalized either:
 * a path that is not written as its route says is another path.
 *
 * <p>That is why requests are not routed by Helidon, which decodes and normalizes first.
 */
final class RequestPath {
  private static final String SCHEME = "http://";

  private RequestPath() {}

  /** The segments, as they were written. */
  static List<String> segments(String rawPath) {
    String path = rawPath;
    if (path.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      int slash = path.indexOf('/', SCHEME.length());
      path = slash < 0 ? "/" : path.substring(slash);
    }
    if (!path.startsWith("/")) {
      throw ProblemException.invalid("a path begins with a slash");
    }
    List<String> segments = Route.segments(path);
    for (String segment : segments) {
      if (segment.equals(".") || segment.equals("..")) {
        throw ProblemException.invalid(
            "a path has no steps . and .. here; a key of dots is written %2E, or in base64url");
      }
    }
    return segments;
  }
}
