package io.distkv.server.http.keyspaces;

import io.distkv.server.call.Words;
import io.distkv.server.http.exchange.Answer;
import io.distkv.server.http.exchange.Exchange;
import io.distkv.server.http.exchange.ProblemException;
import io.distkv.server.http.exchange.Query;
import io.distkv.server.http.keys.JsonReader;
import io.distkv.server.http.keys.KeyspaceNames;
import io.distkv.server.http.keys.NodeCalls;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Every request becomes a KEYSPACE command; what that does not allow is refused by it. */
final class KeyspaceHandlers {
  private final NodeCalls node;

  KeyspaceHandlers(NodeCalls node) {
    this.node = node;
  }

  Answer list(Exchange exchange) {
    exchange.query();
    return Answer.json(KeyspaceJson.list(node.callNode(exchange, command("LIST").end())));
  }

  Answer describe(Exchange exchange) {
    exchange.query();
    byte[] name = utf8(KeyspaceNames.of(exchange));
    return described(exchange, command("DESCRIBE").add(name));
  }

  private Answer described(Exchange exchange, Words words) {
    return Answer.json(KeyspaceJson.description(node.callNode(exchange, words.end())));
  }

  Answer create(Exchange exchange) {
    exchange.query();
    Creation creation = new Creation();
    JsonReader.readObject(exchange.body(), creation::take);
    String name = creation.name;
    if (name == null) {
      throw ProblemException.invalid("the body has no name of the new keyspace");
    }
    Words words = command("CREATE").add(utf8(name));
    if (creation.number != null) {
      words.add("NUMBER").add(Long.toString(creation.number));
    }
    if (creation.partitions != null) {
      words.add("PARTITIONS").add(Long.toString(creation.partitions));
    }
    creation.settings.addTo(words);
    // Whoever got here has a name of letters, digits, _ and - alone: it is part of a path as it is.
    return Answer.json(
            Status.CREATED_201, KeyspaceJson.description(node.callNode(exchange, words.end())))
        .header(HeaderNames.LOCATION, "/v1/keyspaces/" + name);
  }

  /** What the body of a creation says. */
  private static final class Creation {
    private final SettingsReader settings = new SettingsReader();
    private @Nullable String name;
    private @Nullable Long number;
    private @Nullable Long partitions;

    void take(JsonReader in, String field) {
      switch (field) {
        case "name" -> name = in.text();
        case "number" -> number = in.integer();
        case "partitions" -> partitions = in.integer();
        case "settings" -> settings.read(in);
        default -> throw in.unknown("name", "number", "partitions", "settings");
      }
    }
  }

  Answer alter(Exchange exchange) {
    exchange.query();
    String name = KeyspaceNames.of(exchange);
    SettingsReader settings = new SettingsReader();
    JsonReader.readObject(
        exchange.body(),
        (in, field) -> {
          switch (field) {
            case "settings" -> settings.read(in);
            case "name", "number", "partitions" ->
                throw in.wrong("of a keyspace is fixed when it is created");
            default -> throw in.unknown("settings");
          }
        });
    if (settings.isEmpty()) {
      throw ProblemException.invalid("nothing is set that could be changed");
    }
    Words words = command("ALTER").add(utf8(name));
    settings.addTo(words);
    return described(exchange, words);
  }

  Answer drop(Exchange exchange) {
    Query query = exchange.query("nameAgain");
    String name = KeyspaceNames.of(exchange);
    String again = query.text("nameAgain");
    if (again == null) {
      throw ProblemException.invalid(
          "nameAgain must give the name once more, since all keys of the keyspace are deleted");
    }
    node.callNode(exchange, command("DROP").add(utf8(name)).add(utf8(again)).end());
    return Answer.of(Status.NO_CONTENT_204);
  }

  private static Words command(String subcommand) {
    return Words.of("KEYSPACE").add(subcommand);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
