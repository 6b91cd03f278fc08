package io.distkv.contract;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Operations and answers as the JSON of the HTTP port.
 *
 * @param base64 whether all keys and values go as base64, and not only those that are no text
 */
record HttpJson(boolean base64) {

  ObjectNode batch(Operation.Batch batch) {
    ArrayNode operations = JsonNodeFactory.instance.arrayNode();
    batch.operations().forEach(each -> operations.add(operation(each)));
    return object().set("operations", operations);
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private ObjectNode operation(Operation.Single operation) {
    ObjectNode json = object();
    put(json, "key", operation.key());
    switch (operation) {
      case Operation.Get get -> {
        json.put("op", "get");
        condition(json, get.condition());
      }
      case Operation.Put put -> {
        json.put("op", "put");
        put(json, "value", put.value());
        condition(json, put.condition());
        switch (put.life().term()) {
          case FOR_EVER -> {
            // Nothing to say.
          }
          case TTL -> json.put("ttl", life(put.life().millis()));
          case KEEP -> json.put("keepTtl", true);
          case UNTIL -> throw new IllegalArgumentException("no batch has an end of a life");
        }
      }
      case Operation.Delete delete -> {
        json.put("op", "delete");
        condition(json, delete.condition());
      }
      case Operation.Increment increment -> {
        json.put("op", "increment").put("by", increment.by());
        if (increment.ttlMillis() != null) {
          json.put("ttl", life(increment.ttlMillis()));
        }
      }
    }
    return json;
  }

  private void put(ObjectNode json, String name, ByteString bytes) {
    if (!base64 && bytes.isValidUtf8()) {
      json.put(name, bytes.toStringUtf8());
    } else {
      json.put(name + "Base64", Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }
  }

  private static void condition(ObjectNode json, Operation.Condition condition) {
    switch (condition.kind()) {
      case NONE -> {
        // Nothing to say.
      }
      case ABSENT -> json.put("ifAbsent", true);
      case PRESENT -> json.put("ifPresent", true);
      case VERSION -> json.put("ifVersion", Long.toString(condition.version()));
    }
  }

  /** A life in the largest unit that says it exactly. */
  static String life(long millis) {
    long day = 86_400_000;
    return millis != 0 && millis % day == 0 ? millis / day + "d" : millis + "ms";
  }

  Answer results(Operation.Batch batch, JsonNode answer) {
    List<Answer> results = new ArrayList<>();
    for (int i = 0; i < batch.operations().size(); i++) {
      results.add(result(batch.operations().get(i), answer.get("results").get(i)));
    }
    return new Answer.Results(results);
  }

  private static Answer result(Operation.Single operation, JsonNode json) {
    return switch (operation) {
      case Operation.Get _ ->
          json.get("found").booleanValue()
              ? new Answer.Found(bytes(json, "value"), version(json), lifeLeft(json))
              : new Answer.Nothing();
      case Operation.Put _ -> new Answer.Written(version(json), null);
      case Operation.Delete _ ->
          json.get("found").booleanValue()
              ? new Answer.Deleted(version(json), null)
              : new Answer.Nothing();
      case Operation.Increment _ -> sum(json);
    };
  }

  static Answer sum(JsonNode json) {
    return new Answer.Sum(Long.parseLong(json.get("value").stringValue()), version(json));
  }

  static Answer.Entry entry(JsonNode json) {
    boolean hasValue = json.has("value") || json.has("valueBase64");
    return new Answer.Entry(
        bytes(json, "key"), hasValue ? bytes(json, "value") : null, version(json), lifeLeft(json));
  }

  static Answer.Change change(JsonNode json) {
    return new Answer.Change(
        bytes(json, "key"), json.has("removed") ? null : bytes(json, "value"), version(json));
  }

  private static ByteString bytes(JsonNode json, String name) {
    return json.has(name)
        ? ByteString.copyFromUtf8(json.get(name).stringValue())
        : ByteString.copyFrom(Base64.getDecoder().decode(json.get(name + "Base64").stringValue()));
  }

  static long version(JsonNode json) {
    return Long.parseLong(json.get("version").stringValue());
  }

  private static long lifeLeft(JsonNode json) {
    return json.has("ttl") ? lifeLeft(json.get("ttl").stringValue()) : Answer.FOR_EVER;
  }

  /** The milliseconds of a life that an answer tells, which is always in them. */
  static long lifeLeft(String text) {
    if (!text.endsWith("ms")) {
      throw new AssertionError("a life that is not told in milliseconds: " + text);
    }
    return Long.parseLong(text.substring(0, text.length() - 2));
  }
}
