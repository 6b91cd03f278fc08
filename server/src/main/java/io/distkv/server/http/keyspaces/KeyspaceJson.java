package io.distkv.server.http.keyspaces;

import io.distkv.node.command.Reply;
import io.distkv.server.call.ReplyFields;
import io.distkv.server.http.exchange.JsonText;
import java.util.List;

/**
 * Puts what KEYSPACE answers into JSON, with the names of {@code distkv.v1.Keyspaces}. Whole
 * numbers of 64 bits are texts there.
 */
final class KeyspaceJson {
  private KeyspaceJson() {}

  /** Names and numbers in turn. */
  static JsonText list(Reply reply) {
    List<Reply> flat = ((Reply.Pairs) reply).flat();
    JsonText json = new JsonText();
    json.object(() ->
        json.list(
            "keyspaces",
            () -> {
              for (int i = 0; i < flat.size(); i += 2) {
                String name = ReplyFields.text(flat.get(i));
                long number = ((Reply.Int) flat.get(i + 1)).value();
                json.object(() -> {
                  json.field("name", name);
                  json.number("number", number);
                });
              }
            }));
    return json;
  }

  static JsonText description(Reply reply) {
    ReplyFields fields = ReplyFields.of(reply);
    JsonText json = new JsonText();
    json.object(() -> {
      json.field("name", fields.text("name"));
      json.number("number", fields.number("number"));
      json.number("partitions", fields.number("partitions"));
      json.object("settings", () -> settings(json, fields));
      json.field("replication", fields.text("replication"));
      json.field("storage", fields.text("storage"));
      for (String size : List.of("keys", "bytes", "tableBytes", "memtableBytes")) {
        long64(json, size, fields, size);
      }
      json.list(
          "partitionSizes",
          () -> {
            for (Reply partition : fields.list("perPartition")) {
              ReplyFields own = ReplyFields.of(partition);
              json.object(() -> {
                json.number("partition", own.number("partition"));
                long64(json, "keys", own, "keys");
                long64(json, "bytes", own, "bytes");
              });
            }
          });
    });
    return json;
  }

  private static void settings(JsonText json, ReplyFields fields) {
    json.field("durability", fields.text("durability"));
    long64(json, "intervalMillis", fields, "interval");
    long64(json, "historyMillis", fields, "history");
    json.list(
        "compression",
        () -> {
          for (String level : fields.text("compression").split(",", -1)) {
            json.text(level);
          }
        });
    long64(json, "maxBytes", fields, "maxBytes");
  }

  private static void long64(JsonText json, String name, ReplyFields fields, String field) {
    json.field(name, Long.toString(fields.number(field)));
  }
}
