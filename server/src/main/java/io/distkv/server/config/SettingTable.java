package io.distkv.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings in the order of the documentation, found by name. */
public final class SettingTable {
  private final List<Setting<?>> settings;
  private final Map<String, Setting<?>> byName = new HashMap<>();

  SettingTable(List<Setting<?>> settings) {
    this.settings = List.copyOf(settings);
    for (Setting<?> setting : settings) {
      if (byName.put(setting.name(), setting) != null) {
        throw new IllegalStateException("two settings are named " + setting.name());
      }
    }
  }

  public List<Setting<?>> settings() {
    return settings;
  }

  Optional<Setting<?>> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Why a name is refused, and what may have been meant. */
  String unknown(String name) {
    String inSection = name.substring(0, name.lastIndexOf('.') + 1);
    List<String> neighbours = new ArrayList<>();
    for (Setting<?> setting : settings) {
      if (!inSection.isEmpty() && setting.name().startsWith(inSection)) {
        neighbours.add(setting.name());
      }
    }
    return "unknown setting"
        + NearestName.of(name, byName.keySet()).map(it -> "; did you mean " + it + "?").orElse("")
        + "; allowed: "
        + (neighbours.isEmpty() ? sections() : String.join(", ", neighbours));
  }

  private String sections() {
    List<String> sections = new ArrayList<>();
    for (Setting<?> setting : settings) {
      int dot = setting.name().indexOf('.');
      String section = dot < 0 ? setting.name() : setting.name().substring(0, dot) + ".*";
      if (!sections.contains(section)) {
        sections.add(section);
      }
    }
    return String.join(", ", sections);
  }
}
