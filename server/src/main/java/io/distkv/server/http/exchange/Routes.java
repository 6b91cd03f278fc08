package io.distkv.server.http.exchange;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All routes of a server, by their templates. */
public final class Routes {
  private final List<Template> templates = new ArrayList<>();

  /** The routes of one template. */
  record Template(String text, List<String> segments, Map<String, Route> byMethod) {

    /** What the header Allow says. */
    String allowed() {
      return String.join(", ", byMethod.keySet()) + ", OPTIONS";
    }

    int indexOf(String variable) {
      for (int i = 0; i < segments.size(); i++) {
        if (segments.get(i).equals("{" + variable + "}")) {
          return i;
        }
      }
      throw new IllegalArgumentException(text + " has no " + variable);
    }
  }

  public Routes(List<Route> routes) {
    Map<String, Map<String, Route>> byTemplate = new LinkedHashMap<>();
    for (Route route : routes) {
      byTemplate
          .computeIfAbsent(route.template(), any -> new LinkedHashMap<>())
          .put(route.method(), route);
    }
    byTemplate.forEach(
        (text, byMethod) -> templates.add(new Template(text, Route.segments(text), byMethod)));
  }

  /** The template that a path is of; null if there is none. */
  @Nullable Template find(List<String> path) {
    for (Template template : templates) {
      if (Route.matches(template.segments, path)) {
        return template;
      }
    }
    return null;
  }

  /** Every route. */
  public List<Route> all() {
    return templates.stream().flatMap(each -> each.byMethod.values().stream()).toList();
  }
}
