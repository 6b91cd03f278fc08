package io.distkv.simulation.linearizability;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * Histories as text: an event a line, in order, each a JSON object with the members that Jepsen's
 * histories have. docs/simulation.md describes it.
 *
 * <p>All but ASCII is escaped, so that every string of Java's, also one that is no valid Unicode,
 * comes back as it was.
 */
public final class HistoryFormat {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private HistoryFormat() {}

  /** Writes a history; the stream stays open. */
  public static void write(History history, OutputStream out) throws IOException {
    for (Event event : history.events()) {
      out.write((line(event) + "\n").getBytes(StandardCharsets.US_ASCII));
    }
  }

  /**
   * Reads a history to the end of the stream, which stays open. What it accepts is what {@link
   * #write} writes, but for the order of the members and for spaces.
   *
   * @throws BadHistoryException at the first line that is none of a history, or that cannot follow
   *     the lines before it
   */
  public static History read(InputStream in) throws IOException, BadHistoryException {
    History history = new History();
    byte[] bytes = in.readAllBytes();
    int number = 1;
    int end;
    for (int start = 0; start < bytes.length; start = end + 1, number++) {
      end = start;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      try {
        EventLine.of(text(ByteBuffer.wrap(bytes, start, end - start))).addTo(history);
      } catch (IllegalArgumentException e) {
        throw new BadHistoryException(number, e);
      }
    }
    return history;
  }

  private static String text(ByteBuffer line) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(line).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("it is not UTF-8", e);
    }
  }

  /** An event as a line, without its end. */
  static String line(Event event) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), line)) {
      json.writeStartObject();
      json.writeNumberProperty("process", event.process());
      json.writeStringProperty("type", event.type().name().toLowerCase(Locale.ROOT));
      json.writeStringProperty("f", name(event.operation()));
      json.writeStringProperty("key", event.key());
      json.writeName("value");
      if (event.answer() == null) {
        writeArgument(json, event.operation());
      } else {
        writeAnswer(json, event.answer(), event.operation());
      }
      json.writeNumberProperty("time", event.timeNanos());
      json.writeEndObject();
    }
    return line.toString();
  }

  static String name(Operation operation) {
    return switch (operation) {
      case Operation.Read() -> "read";
      case Operation.Write(_) -> "write";
      case Operation.Delete() -> "delete";
      case Operation.Add(_) -> "add";
      case Operation.CompareAndSet(_, _) -> "cas";
    };
  }

  private static void writeArgument(JsonGenerator json, Operation operation) {
    switch (operation) {
      case Operation.Read(), Operation.Delete() -> json.writeNull();
      case Operation.Write(String value) -> json.writeString(value);
      case Operation.Add(long amount) -> json.writeNumber(amount);
      case Operation.CompareAndSet(@Nullable String expected, @Nullable String update) -> {
        json.writeStartArray();
        writeValue(json, expected);
        writeValue(json, update);
        json.writeEndArray();
      }
    }
  }

  private static void writeAnswer(JsonGenerator json, Answer answer, Operation operation) {
    switch (answer) {
      case Answer.Value(@Nullable String value) -> writeValue(json, value);
      case Answer.Sum(long sum) -> json.writeNumber(sum);
      case Answer.Swapped(boolean swapped) -> json.writeBoolean(swapped);
      case Answer.Done() -> writeArgument(json, operation);
    }
  }

  private static void writeValue(JsonGenerator json, @Nullable String value) {
    if (value == null) {
      json.writeNull();
    } else {
      json.writeString(value);
    }
  }
}
