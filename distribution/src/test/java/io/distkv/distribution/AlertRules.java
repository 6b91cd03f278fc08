package io.distkv.distribution;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The alerts of Prometheus, as their file has them. */
record AlertRules(List<Alert> alerts) {

  /**
   * One alert.
   *
   * @param expression that fires when it has series
   */
  record Alert(String name, String expression, Map<?, ?> labels, Map<?, ?> annotations) {}

  static AlertRules of(Archive archive) throws IOException {
    List<Alert> alerts = new ArrayList<>();
    Map<?, ?> file = yaml(archive.text("deploy/prometheus/distkv.rules.yml"));
    for (Object group : list(file, "groups")) {
      for (Object each : list((Map<?, ?>) group, "rules")) {
        Map<?, ?> rule = (Map<?, ?>) each;
        alerts.add(
            new Alert(
                string(rule, "alert"),
                string(rule, "expr"),
                map(rule, "labels"),
                map(rule, "annotations")));
      }
    }
    return new AlertRules(alerts);
  }

  static Map<?, ?> yaml(String text) {
    Object loaded = new Load(LoadSettings.builder().build()).loadFromString(text);
    return (Map<?, ?>) Objects.requireNonNull(loaded);
  }

  static List<?> list(Map<?, ?> map, String key) {
    return (List<?>) Objects.requireNonNull(map.get(key), key);
  }

  static Map<?, ?> map(Map<?, ?> map, String key) {
    return (Map<?, ?>) Objects.requireNonNull(map.get(key), key);
  }

  static String string(Map<?, ?> map, String key) {
    return String.valueOf(Objects.requireNonNull(map.get(key), key));
  }
}
