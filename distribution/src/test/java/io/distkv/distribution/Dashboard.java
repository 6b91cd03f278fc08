package io.distkv.distribution;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard of Grafana, as its file has it. */
record Dashboard(JsonNode root) {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)}?");

  /** What Grafana puts for its variables when all is chosen, and a window of a minute. */
  private static final Map<String, String> ALL =
      Map.of("__rate_interval", "1m", "node", ".*", "keyspace", ".*");

  static Dashboard of(Archive archive) throws java.io.IOException {
    return new Dashboard(
        JsonMapper.shared().readTree(archive.text("deploy/grafana/dashboards/distkv.json")));
  }

  /** All panels, rows between them included. */
  List<JsonNode> panels() {
    return list(root.path("panels"));
  }

  /** The panels that show something. */
  List<JsonNode> figures() {
    return panels().stream().filter(panel -> !text(panel, "type").equals("row")).toList();
  }

  List<JsonNode> variables() {
    return list(root.path("templating").path("list"));
  }

  /** Every expression, by where it stands. */
  Map<String, String> expressions() {
    Map<String, String> all = new TreeMap<>();
    for (JsonNode panel : figures()) {
      for (JsonNode target : panel.path("targets")) {
        all.put(text(panel, "title") + ", " + text(target, "refId"), text(target, "expr"));
      }
    }
    return all;
  }

  /** The names of the variables that stand in a text. */
  static List<String> variablesIn(String text) {
    List<String> names = new ArrayList<>();
    Matcher matcher = VARIABLE.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  /** The expression as Grafana sends it when everything is chosen. */
  static String chosen(String expression) {
    return VARIABLE
        .matcher(expression)
        .replaceAll(found -> Matcher.quoteReplacement(ALL.getOrDefault(found.group(1), "?")));
  }

  static String text(JsonNode node, String name) {
    return node.path(name).asString("");
  }

  static List<JsonNode> list(JsonNode node) {
    List<JsonNode> all = new ArrayList<>();
    node.forEach(all::add);
    return all;
  }
}
