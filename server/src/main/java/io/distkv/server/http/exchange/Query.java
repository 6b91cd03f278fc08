package io.distkv.server.http.exchange;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The query of a request: names with values, each at most once. A plus is refused, since half of
 * the world means a space by it and the other half a plus.
 */
public final class Query {
  private static final Query EMPTY = new Query(Map.of());

  private final Map<String, String> raw;

  private Query(Map<String, String> raw) {
    this.raw = raw;
  }

  /**
   * Reads a query.
   *
   * @param known the names that it may have
   */
  static Query parse(String text, List<String> known) {
    if (text.isEmpty()) {
      return EMPTY;
    }
    Map<String, String> raw = new LinkedHashMap<>();
    for (String part : text.split("&", -1)) {
      int equals = part.indexOf('=');
      String name = PercentCoding.text(equals < 0 ? part : part.substring(0, equals), "the query");
      String value = equals < 0 ? "" : part.substring(equals + 1);
      if (!known.contains(name)) {
        throw ProblemException.invalid(
            "there is no query parameter '"
                + name
                + "' here; "
                + (known.isEmpty() ? "there are none" : "there are " + String.join(", ", known)));
      }
      if (value.indexOf('+') >= 0) {
        throw ProblemException.invalid(
            name + " has a +: a plus is written %2B in a query here, a space %20");
      }
      if (raw.putIfAbsent(name, value) != null) {
        throw ProblemException.invalid(name + " is said more than once");
      }
    }
    return new Query(raw);
  }

  /** Whether it has this name. */
  public boolean has(String name) {
    return raw.containsKey(name);
  }

  /** The text behind a name; null if it is not said. */
  public @Nullable String text(String name) {
    String value = raw.get(name);
    return value == null ? null : PercentCoding.text(value, name);
  }

  /** The bytes behind a name, none if it is not said. */
  public byte[] bytes(String name, KeyEncoding encoding) {
    String value = raw.get(name);
    return value == null ? new byte[0] : encoding.decode(value, name);
  }

  /** Whether a name stands for yes: {@code name}, {@code name=true}. */
  public boolean flag(String name) {
    String value = text(name);
    return switch (value) {
      case null -> false;
      case "", "true" -> true;
      case "false" -> false;
      default -> throw ProblemException.invalid(name + " is true or false, not " + value);
    };
  }

  /** How keys are written in this request. */
  public KeyEncoding encoding() {
    String value = text("encoding");
    return switch (value) {
      case null -> KeyEncoding.PERCENT;
      case "base64url" -> KeyEncoding.BASE64URL;
      default -> throw ProblemException.invalid("encoding is base64url or not said");
    };
  }
}
