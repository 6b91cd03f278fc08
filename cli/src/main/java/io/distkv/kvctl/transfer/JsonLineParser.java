package io.distkv.kvctl.transfer;

import io.distkv.kvctl.text.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * One line of JSONL as an entry: {@code {"key": ..., "value": ..., "ttlMillis": ...}}, with {@code
 * keyBase64} and {@code valueBase64} in their place for bytes that are no text.
 *
 * <p>A value that is an object, an array, a number or a boolean is stored as its JSON text, exactly
 * as the line has it: parsed and printed again it could lose digits. An unknown or repeated member
 * makes the line bad; skipping it would lose data silently.
 */
final class JsonLineParser {
  private static final String MEMBERS = "key, keyBase64, value, valueBase64, ttlMillis";

  /** Each level costs the parser an object; none that a program writes comes near. */
  private static final int MAX_DEPTH = 100_000;

  private final JsonFactory factory =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNestingDepth(MAX_DEPTH)
                  .build())
          .build();

  /** The entry of a line, which is given without its end. */
  Entry parse(byte[] line) throws BadRecordException {
    if (!Bytes.isText(line)) {
      throw new BadRecordException(
          "the line is not valid UTF-8; bytes that are no text go into keyBase64 and valueBase64");
    }
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), line)) {
      return new Members(line).read(parser);
    } catch (JacksonException e) {
      String reason = String.valueOf(e.getOriginalMessage());
      throw new BadRecordException("not JSON: " + reason.lines().findFirst().orElse(reason));
    }
  }

  private static final class Members {
    private final byte[] line;
    private byte @Nullable [] key;
    private byte @Nullable [] value;
    private @Nullable Long ttlMillis;
    private boolean ttlSeen;

    Members(byte[] line) {
      this.line = line;
    }

    Entry read(JsonParser parser) throws BadRecordException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadRecordException("the line is no JSON object");
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        switch (name) {
          case "key" -> key = once(name, key, string(parser, token, name));
          case "keyBase64" -> key = once(name, key, base64(parser, token, name));
          case "value" -> value = once(name, value, value(parser, token));
          case "valueBase64" -> value = once(name, value, base64(parser, token, name));
          case "ttlMillis" -> ttl(parser, token);
          default ->
              throw new BadRecordException(
                  "unknown member \"%s\"; known are %s"
                      .formatted(Bytes.escape(name.getBytes(StandardCharsets.UTF_8)), MEMBERS));
        }
      }
      if (parser.nextToken() != null) {
        throw new BadRecordException("more than one JSON value on the line");
      }
      if (key == null || value == null) {
        String missing = key == null ? "key" : "value";
        throw new BadRecordException("no \"%s\" (nor \"%sBase64\")".formatted(missing, missing));
      }
      return new Entry(key, value, ttlMillis == null ? 0 : ttlMillis);
    }

    private static byte[] once(String name, byte @Nullable [] earlier, byte[] bytes)
        throws BadRecordException {
      if (earlier != null) {
        throw new BadRecordException("\"" + name + "\" comes on top of an earlier one");
      }
      return bytes;
    }

    private void ttl(JsonParser parser, @Nullable JsonToken token) throws BadRecordException {
      if (ttlSeen) {
        throw new BadRecordException("\"ttlMillis\" comes twice");
      }
      ttlSeen = true;
      if (token == JsonToken.VALUE_NULL) {
        return;
      }
      String digits = token == JsonToken.VALUE_NUMBER_INT ? parser.getString() : "";
      ttlMillis = Ttl.parse(digits, "ttlMillis");
    }

    private byte[] value(JsonParser parser, @Nullable JsonToken token) throws BadRecordException {
      return switch (token) {
        case VALUE_STRING -> string(parser, token, "value");
        case START_OBJECT, START_ARRAY -> {
          int start = (int) parser.currentTokenLocation().getByteOffset();
          parser.skipChildren();
          int end = (int) parser.currentLocation().getByteOffset();
          yield Arrays.copyOfRange(line, start, end);
        }
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE ->
            parser.getString().getBytes(StandardCharsets.UTF_8);
        case null, default -> throw new BadRecordException("\"value\" is null; \"\" is empty");
      };
    }

    private static byte[] string(JsonParser parser, @Nullable JsonToken token, String name)
        throws BadRecordException {
      if (token != JsonToken.VALUE_STRING) {
        throw new BadRecordException("\"" + name + "\" is no string");
      }
      String text = parser.getString();
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (hasHalfPair(text)) {
        throw new BadRecordException(
            "\"%s\" has half a surrogate pair, which UTF-8 cannot hold; use %sBase64"
                .formatted(name, name));
      }
      return bytes;
    }

    private static boolean hasHalfPair(String text) {
      for (int i = 0; i < text.length(); i++) {
        if (Character.isSurrogate(text.charAt(i))) {
          int point = text.codePointAt(i);
          if (Character.charCount(point) == 1) {
            return true;
          }
          i++;
        }
      }
      return false;
    }

    private static byte[] base64(JsonParser parser, @Nullable JsonToken token, String name)
        throws BadRecordException {
      if (token != JsonToken.VALUE_STRING) {
        throw new BadRecordException("\"" + name + "\" is no string");
      }
      return decodeBase64(parser.getString(), name);
    }
  }

  static byte[] decodeBase64(String text, String name) throws BadRecordException {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(name + " is not Base64: " + e.getMessage());
    }
  }
}
