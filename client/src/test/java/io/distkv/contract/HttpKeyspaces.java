package io.distkv.contract;

import io.distkv.contract.HttpCall.Result;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The keyspaces themselves, over HTTP.
 *
 * @param address of the node
 */
record HttpKeyspaces(HttpClient client, String address) {

  Answer ask(Operation.OfKeyspaces operation) throws IOException {
    Result result = send(operation);
    if (!result.isSuccess()) {
      return HttpProblems.refused(result);
    }
    return switch (operation) {
      case Operation.DropKeyspace _ -> new Answer.Done();
      case Operation.FindKeyspace find -> {
        for (JsonNode each : result.json().get("keyspaces")) {
          if (each.get("name").stringValue().equals(find.name())) {
            yield new Answer.Done();
          }
        }
        yield new Answer.Nothing();
      }
      case Operation.CreateKeyspace _, Operation.AlterKeyspace _, Operation.DescribeKeyspace _ ->
          described(result.json());
    };
  }

  private Result send(Operation.OfKeyspaces operation) throws IOException {
    HttpCall call = new HttpCall(false);
    return switch (operation) {
      case Operation.CreateKeyspace create -> {
        ObjectNode body = HttpJson.object().put("name", create.name());
        if (create.partitions() != null) {
          body.put("partitions", create.partitions());
        }
        yield call.post(client, address, body.set("settings", settings(create.settings())));
      }
      case Operation.AlterKeyspace alter ->
          call.keyspace(alter.name())
              .patch(
                  client, address, HttpJson.object().set("settings", settings(alter.settings())));
      case Operation.DropKeyspace drop ->
          call.keyspace(drop.name()).with("nameAgain", drop.nameAgain()).delete(client, address);
      case Operation.DescribeKeyspace describe ->
          call.keyspace(describe.name()).get(client, address);
      case Operation.FindKeyspace _ -> call.get(client, address);
    };
  }

  private static ObjectNode settings(Map<String, String> settings) {
    ObjectNode json = HttpJson.object();
    settings.forEach((name, value) -> {
      switch (name) {
        case "durability" -> json.put("durability", value);
        case "interval" -> json.put("intervalMillis", value);
        case "history" -> json.put("historyMillis", value);
        case "max-bytes" -> json.put("maxBytes", value);
        case "compression" -> {
          ArrayNode levels = json.putArray("compression");
          for (String level : value.split(",", -1)) {
            levels.add(level);
          }
        }
        default -> throw new IllegalArgumentException("no setting of a keyspace: " + name);
      }
    });
    return json;
  }

  private static Answer described(JsonNode json) {
    JsonNode settings = json.get("settings");
    List<String> compression = new ArrayList<>();
    settings.get("compression").forEach(level -> compression.add(level.stringValue()));
    Map<String, String> fields = new TreeMap<>();
    fields.put("partitions", json.get("partitions").asString());
    fields.put("durability", settings.get("durability").stringValue());
    fields.put("interval", settings.get("intervalMillis").stringValue());
    fields.put("history", settings.get("historyMillis").stringValue());
    fields.put("compression", String.join(",", compression));
    fields.put("max-bytes", settings.get("maxBytes").stringValue());
    return new Answer.Described(fields);
  }
}
