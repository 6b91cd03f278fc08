package io.distkv.server.http.exchange;

import java.util.Arrays;
import java.util.List;

/**
 * One kind of request that is served.
 *
 * @param method of HTTP
 * @param template the path; a segment in braces is any one segment
 * @param kind what it takes of the node
 * @param body what body it takes
 * @param handler answers such a request
 */
public record Route(String method, String template, Kind kind, BodyRule body, Handler handler) {

  /** What a request takes of the node. */
  public enum Kind {
    /** It looks at the process alone, and is answered however busy or far it is. */
    PROCESS,
    /** It needs a node that serves, and is one of those that are bounded in number. */
    DATA,
    /** The same, but it goes on: it is one of those that are bounded by a number of their own. */
    STREAM
  }

  /** Answers a request of a route. On the request's own thread, which may wait. */
  @FunctionalInterface
  public interface Handler {
    Answer handle(Exchange exchange);
  }

  /** A page that is read, by GET and HEAD, from a node in whatever state. */
  public static List<Route> page(String template, Handler handler) {
    return reading(template, Kind.PROCESS, handler);
  }

  /** What is read by GET and HEAD. */
  public static List<Route> reading(String template, Kind kind, Handler handler) {
    return List.of(
        new Route("GET", template, kind, BodyRule.NONE, handler),
        new Route("HEAD", template, kind, BodyRule.NONE, handler));
  }

  /** The segments of a path that begins with a slash. */
  static List<String> segments(String path) {
    return Arrays.asList(path.substring(1).split("/", -1));
  }

  static boolean isVariable(String segment) {
    return segment.startsWith("{");
  }

  /** Whether a path is of this template; nothing but equal segments will do. */
  static boolean matches(List<String> template, List<String> path) {
    if (template.size() != path.size()) {
      return false;
    }
    for (int i = 0; i < path.size(); i++) {
      if (!isVariable(template.get(i)) && !template.get(i).equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }
}
