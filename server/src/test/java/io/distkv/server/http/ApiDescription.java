package io.distkv.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The description at {@code /openapi.json}, to be held against what is seen. */
final class ApiDescription {
  private static final JsonMapper JSON = new JsonMapper();

  private final JsonNode root;

  ApiDescription() throws IOException {
    try (InputStream in = HttpEndpoint.class.getResourceAsStream("openapi.json")) {
      root = JSON.readTree(Objects.requireNonNull(in));
    }
  }

  JsonNode root() {
    return root;
  }

  /** All operations, as METHOD and template. */
  Set<String> operations() {
    Set<String> operations = new TreeSet<>();
    for (var path : root.get("paths").properties()) {
      for (var member : path.getValue().properties()) {
        if (!member.getKey().equals("parameters")) {
          operations.add(member.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
        }
      }
    }
    return operations;
  }

  /** An operation of a method and template. */
  JsonNode operation(String operation) {
    String[] words = operation.split(" ", 2);
    JsonNode path = root.get("paths").get(words[1]);
    return path.get(words[0].toLowerCase(java.util.Locale.ROOT));
  }

  /** What it follows a reference to, if it is one. */
  JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? root.at(node.get("$ref").asString().substring(1)) : node;
  }

  /** The parameters of an operation, those of its path included. */
  List<JsonNode> parameters(String operation) {
    List<JsonNode> parameters = new ArrayList<>();
    JsonNode path = root.get("paths").get(operation.split(" ", 2)[1]);
    for (JsonNode owner : List.of(path, operation(operation))) {
      if (owner.has("parameters")) {
        owner.get("parameters").forEach(each -> parameters.add(resolve(each)));
      }
    }
    return parameters;
  }

  /** The statuses that an operation names, apart from the default. */
  Set<String> statuses(String operation) {
    Set<String> statuses =
        new LinkedHashSet<>(operation(operation).get("responses").propertyNames());
    statuses.remove("default");
    return statuses;
  }

  /** The answer of a status, or the default. */
  JsonNode response(String operation, int status) {
    JsonNode responses = operation(operation).get("responses");
    JsonNode response = responses.get(String.valueOf(status));
    return resolve(response == null ? Objects.requireNonNull(responses.get("default")) : response);
  }

  /** Why a value does not fit a schema; nothing if it does. */
  List<String> mistakes(JsonNode schema, JsonNode value) {
    List<String> mistakes = new ArrayList<>();
    check(resolve(schema), value, "$", mistakes);
    return mistakes;
  }

  private void check(JsonNode schema, JsonNode value, String at, List<String> mistakes) {
    for (String word : schema.propertyNames()) {
      JsonNode rule = schema.get(word);
      boolean fits =
          switch (word) {
            case "type" -> isOfType(rule.asString(), value);
            case "const" -> value.equals(rule);
            case "enum" -> rule.valueStream().anyMatch(value::equals);
            case "pattern" -> Pattern.compile(rule.asString()).matcher(value.asString()).find();
            case "minimum" -> value.asLong() >= rule.asLong();
            case "maximum" -> value.asLong() <= rule.asLong();
            case "minItems" -> value.size() >= rule.asInt();
            case "maxItems" -> value.size() <= rule.asInt();
            case "required" -> rule.valueStream().allMatch(name -> value.has(name.asString()));
            case "oneOf" ->
                rule.valueStream().filter(each -> mistakes(each, value).isEmpty()).count() == 1;
            case "properties", "items", "additionalProperties" -> true;
            case "description", "default", "format" -> true;
            default -> throw new IllegalArgumentException("no rule is known for " + word);
          };
      if (!fits) {
        mistakes.add(at + ": " + word + " " + rule + " is not met by " + value);
      }
    }
    checkMembers(schema, value, at, mistakes);
  }

  private void checkMembers(JsonNode schema, JsonNode value, String at, List<String> mistakes) {
    if (value.isArray() && schema.has("items")) {
      for (int i = 0; i < value.size(); i++) {
        check(resolve(schema.get("items")), value.get(i), at + "[" + i + "]", mistakes);
      }
    }
    if (value.isObject() && schema.has("properties")) {
      for (String name : value.propertyNames()) {
        JsonNode member = schema.get("properties").get(name);
        if (member != null) {
          check(resolve(member), value.get(name), at + "." + name, mistakes);
        } else if (schema.has("additionalProperties")) {
          mistakes.add(at + ": there is no " + name);
        }
      }
    }
  }

  private static boolean isOfType(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "integer" -> value.isIntegralNumber();
      case "boolean" -> value.isBoolean();
      default -> throw new IllegalArgumentException(type);
    };
  }
}
