package io.distkv.client;

import io.distkv.api.v1.NodeInformationResponse;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the node that was asked is doing: what the command INFO tells.
 *
 * @param sections fields by their names, by section, such as Server or Memory; all in the node's
 *     order
 */
public record NodeInformation(Map<String, Map<String, String>> sections) {

  /** Keeps a copy. */
  public NodeInformation {
    Map<String, Map<String, String>> copy = new LinkedHashMap<>();
    sections.forEach(
        (name, fields) -> copy.put(name, Collections.unmodifiableMap(new LinkedHashMap<>(fields))));
    sections = Collections.unmodifiableMap(copy);
  }

  static NodeInformation of(NodeInformationResponse message) {
    Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    for (NodeInformationResponse.Section section : message.getSectionsList()) {
      Map<String, String> fields = new LinkedHashMap<>();
      section.getFieldsList().forEach(field -> fields.put(field.getName(), field.getValue()));
      sections.put(section.getName(), fields);
    }
    return new NodeInformation(sections);
  }

  /**
   * A field of whichever section has it.
   *
   * @param name such as uptime_in_seconds
   * @return its text; empty if the node does not tell it
   */
  public Optional<String> field(String name) {
    return sections.values().stream()
        .filter(fields -> fields.containsKey(name))
        .map(fields -> fields.getOrDefault(name, ""))
        .findFirst();
  }
}
