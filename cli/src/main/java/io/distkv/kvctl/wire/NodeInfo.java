package io.distkv.kvctl.wire;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The reply to INFO: sections of fields, in the node's order. */
public record NodeInfo(Map<String, Map<String, String>> sections) {
  /** Asks the node for some or all sections; null where it refuses. */
  public static @Nullable NodeInfo ask(Wire wire, String section) {
    return wire.tryCall(Verb.INFO, section.getBytes(StandardCharsets.US_ASCII))
            instanceof byte[] text
        ? parse(new String(text, StandardCharsets.UTF_8))
        : null;
  }

  static NodeInfo parse(String text) {
    Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line : text.split("\r?\n", -1)) {
      int colon = line.indexOf(':');
      if (line.startsWith("#")) {
        fields = sections.computeIfAbsent(line.substring(1).strip(), _ -> new LinkedHashMap<>());
      } else if (colon > 0) {
        if (sections.isEmpty()) {
          sections.put("", fields);
        }
        fields.put(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    return new NodeInfo(sections);
  }

  /** The first of the fields that the node reports, or null. */
  public @Nullable String first(String... names) {
    for (String name : names) {
      for (Map<String, String> fields : sections.values()) {
        String value = fields.get(name);
        if (value != null && !value.isEmpty()) {
          return value;
        }
      }
    }
    return null;
  }

  /** The fields of a section, whatever the case of its name; empty where there is none. */
  public Map<String, String> section(String name) {
    return sections.entrySet().stream()
        .filter(section -> section.getKey().equalsIgnoreCase(name))
        .findFirst()
        .map(Map.Entry::getValue)
        .orElse(Map.of());
  }

  /** Whether the node is one of DistKV, not of something that speaks the same protocol. */
  public boolean isDistkv() {
    return first("distkv_version") != null;
  }
}
