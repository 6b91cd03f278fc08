package io.distkv.simulation.linearizability;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A line of a history file, taken apart. Nothing is guessed and nothing passed over: a member that
 * is unknown, missing, given twice or of another kind makes the line bad, since a checker that
 * misreads a history says nothing about it.
 */
final class EventLine {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final List<String> MEMBERS =
      List.of("process", "type", "f", "key", "value", "time");

  /** Every member of {@code MEMBERS}, once the line is read. */
  private final Map<String, Json> members = new HashMap<>();

  private sealed interface Json {
    record Text(String text) implements Json {}

    record Whole(long number) implements Json {}

    record Truth(boolean value) implements Json {}

    record Items(List<Json> items) implements Json {}

    record Null() implements Json {}
  }

  private EventLine() {}

  /**
   * Takes a line apart.
   *
   * @throws IllegalArgumentException if it is none
   */
  static EventLine of(String text) {
    EventLine line = new EventLine();
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      line.read(parser);
    } catch (JacksonException e) {
      String reason = String.valueOf(e.getOriginalMessage());
      throw new IllegalArgumentException(
          "it is not JSON: " + reason.lines().findFirst().orElse(reason), e);
    }
    return line;
  }

  private void read(JsonParser parser) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("it is no JSON object");
    }
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      if (!MEMBERS.contains(name)) {
        throw new IllegalArgumentException(
            "unknown member \"%s\"; there are %s".formatted(name, String.join(", ", MEMBERS)));
      }
      parser.nextToken();
      if (members.put(name, value(parser, name)) != null) {
        throw new IllegalArgumentException("\"" + name + "\" is there twice");
      }
    }
    if (parser.nextToken() != null) {
      throw new IllegalArgumentException("there is something behind the object");
    }
    for (String name : MEMBERS) {
      if (!members.containsKey(name)) {
        throw new IllegalArgumentException("\"" + name + "\" is missing");
      }
    }
  }

  private static Json value(JsonParser parser, String name) {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> new Json.Text(parser.getString());
      case VALUE_NUMBER_INT -> new Json.Whole(parser.getLongValue());
      case VALUE_TRUE -> new Json.Truth(true);
      case VALUE_FALSE -> new Json.Truth(false);
      case VALUE_NULL -> new Json.Null();
      case START_ARRAY -> {
        List<Json> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          if (parser.currentToken() == JsonToken.START_ARRAY) {
            throw new IllegalArgumentException("\"" + name + "\" has a list in a list");
          }
          items.add(value(parser, name));
        }
        yield new Json.Items(items);
      }
      case null, default ->
          throw new IllegalArgumentException(
              "\"%s\" is %s, which no member is".formatted(name, parser.getString()));
    };
  }

  /**
   * Adds the event.
   *
   * @throws IllegalArgumentException if it makes no sense, or not after the events before it
   */
  void addTo(History history) {
    long process = whole("process");
    if (process < 0 || process > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("\"process\" is from 0 to " + Integer.MAX_VALUE);
    }
    int number = (int) process;
    long timeNanos = whole("time");
    String type = text("type");
    switch (type) {
      case "invoke" -> history.invoke(number, text("key"), operation(), timeNanos);
      case "ok" -> {
        Event begun = begun(history, number);
        history.ok(number, answer(begun.operation()), timeNanos);
      }
      case "fail", "info" -> {
        Event begun = begun(history, number);
        if (!operation().equals(begun.operation())) {
          throw new IllegalArgumentException(
              "\"value\" is another than that with which the operation began");
        }
        if (type.equals("fail")) {
          history.fail(number, timeNanos);
        } else {
          history.info(number, timeNanos);
        }
      }
      default ->
          throw new IllegalArgumentException("\"type\" is invoke, ok, fail or info, not " + type);
    }
  }

  /** What the process has under way; the line must be about the same. */
  private Event begun(History history, int process) {
    Event begun = history.begun(process);
    if (begun == null) {
      throw new IllegalArgumentException("process " + process + " has nothing under way to end");
    }
    if (!text("key").equals(begun.key())
        || !text("f").equals(HistoryFormat.name(begun.operation()))) {
      throw new IllegalArgumentException(
          "process %d has under way a %s of \"%s\""
              .formatted(process, HistoryFormat.name(begun.operation()), begun.key()));
    }
    return begun;
  }

  private Operation operation() {
    String f = text("f");
    Json value = value();
    return switch (f) {
      case "read" -> none(new Operation.Read());
      case "write" -> new Operation.Write(text("value"));
      case "delete" -> none(new Operation.Delete());
      case "add" -> new Operation.Add(whole("value"));
      case "cas" -> {
        if (!(value instanceof Json.Items(List<Json> items)) || items.size() != 2) {
          throw new IllegalArgumentException(
              "\"value\" of a cas is a list of two: what is expected, and what comes in its place");
        }
        yield new Operation.CompareAndSet(
            textOrNull(items.getFirst()), textOrNull(items.getLast()));
      }
      default ->
          throw new IllegalArgumentException("\"f\" is read, write, delete, add or cas, not " + f);
    };
  }

  private Answer answer(Operation begun) {
    return switch (begun) {
      case Operation.Read() -> new Answer.Value(textOrNull(value()));
      case Operation.Write _, Operation.Delete _ -> {
        if (!operation().equals(begun)) {
          throw new IllegalArgumentException(
              "\"value\" is another than that with which the operation began");
        }
        yield new Answer.Done();
      }
      case Operation.Add _ -> new Answer.Sum(whole("value"));
      case Operation.CompareAndSet _ -> {
        if (!(value() instanceof Json.Truth(boolean swapped))) {
          throw new IllegalArgumentException("\"value\" of a cas that ended is true or false");
        }
        yield new Answer.Swapped(swapped);
      }
    };
  }

  private Operation none(Operation operation) {
    if (!(value() instanceof Json.Null)) {
      throw new IllegalArgumentException("\"value\" must be null here");
    }
    return operation;
  }

  private Json value() {
    return member("value");
  }

  private Json member(String name) {
    Json value = members.get(name);
    if (value == null) {
      throw new IllegalStateException(name + " was looked for before");
    }
    return value;
  }

  private String text(String name) {
    if (member(name) instanceof Json.Text(String text)) {
      return text;
    }
    throw new IllegalArgumentException("\"" + name + "\" must be a string");
  }

  private long whole(String name) {
    if (member(name) instanceof Json.Whole(long number)) {
      return number;
    }
    throw new IllegalArgumentException("\"" + name + "\" must be a whole number");
  }

  private static @Nullable String textOrNull(Json value) {
    return switch (value) {
      case Json.Text(String text) -> text;
      case Json.Null _ -> null;
      default -> throw new IllegalArgumentException("\"value\" must be a string or null");
    };
  }
}
