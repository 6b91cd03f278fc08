package io.distkv.distribution;

import java.util.List;
import java.util.regex.Pattern;

/** What expressions of Prometheus ask for. */
final class Metrics {
  private static final Pattern SELECTOR =
      Pattern.compile("\\b(?:up\\b|(?:distkv|jvm|process)_[a-z0-9_]+)(?:\\{[^}]*})?");

  private Metrics() {}

  /** The names of metrics in an expression, each with the labels that it wants. */
  static List<String> selectors(String expression) {
    return SELECTOR.matcher(expression).results().map(found -> found.group()).distinct().toList();
  }

  /** The name by which a metric is documented: that of a histogram for each of its series. */
  static String documentedName(String selector) {
    String name = selector.replaceFirst("\\{.*", "");
    return name.replaceFirst("_seconds_(bucket|count|sum)$", "_seconds");
  }
}
