package io.distkv.server.http.keys;

import io.distkv.base.ErrorCode;
import io.distkv.server.http.exchange.KeyEncoding;
import io.distkv.server.http.exchange.ProblemException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a JSON text from its beginning to its end, and takes nothing that was not asked for: every
 * field is known, said once, and of its type. What is wrong is told with its place.
 */
public final class JsonReader {
  private static final int MOST_DEPTH = 8;
  private static final int MOST_NUMBER_LENGTH = 40;
  private static final int MOST_NAME_LENGTH = 200;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MOST_DEPTH)
                  .maxNumberLength(MOST_NUMBER_LENGTH)
                  .maxNameLength(MOST_NAME_LENGTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final JsonParser in;
  private String place = "the body";

  private JsonReader(JsonParser in) {
    this.in = in;
  }

  /** Reads a text that is one object; the code given reads each field, whose name it gets. */
  public static void readObject(byte[] text, FieldReader fields) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      JsonReader reader = new JsonReader(parser);
      parser.nextToken();
      reader.object(name -> fields.read(reader, name));
      if (parser.nextToken() != null) {
        throw ProblemException.invalid("something follows behind the end of the JSON text");
      }
    } catch (StreamConstraintsException e) {
      throw ProblemException.invalid("the body is no JSON that is taken here: " + reason(e));
    } catch (JacksonException e) {
      throw ProblemException.invalid("the body is no proper JSON: " + reason(e));
    }
  }

  /** Reads one field. */
  @FunctionalInterface
  public interface FieldReader {
    void read(JsonReader reader, String name);
  }

  private static String reason(JacksonException e) {
    String text = String.valueOf(e.getOriginalMessage());
    return e.getLocation() == null
        ? text
        : text
            + " (line "
            + e.getLocation().getLineNr()
            + ", column "
            + e.getLocation().getColumnNr()
            + ")";
  }

  /** Reads the object that stands here. */
  public void object(Consumer<String> fields) {
    require(JsonToken.START_OBJECT, "an object");
    String outside = place;
    while (in.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = in.currentName();
      place = outside.equals("the body") ? name : outside + "." + name;
      in.nextToken();
      fields.accept(name);
    }
    place = outside;
  }

  /** Reads the list that stands here; the code given reads each element. */
  public void list(Runnable elements) {
    require(JsonToken.START_ARRAY, "a list");
    String outside = place;
    for (int i = 0; in.nextToken() != JsonToken.END_ARRAY; i++) {
      place = outside + "[" + i + "]";
      elements.run();
    }
    place = outside;
  }

  /** The text that stands here. */
  public String text() {
    require(JsonToken.VALUE_STRING, "a text");
    return in.getString();
  }

  /** The bytes that the text here is in UTF-8. */
  byte[] utf8() {
    String text = text();
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] plain = new byte[bytes.remaining()];
      bytes.get(plain);
      return plain;
    } catch (CharacterCodingException e) {
      throw ProblemException.invalid(place + " has half of a surrogate pair, which is no text");
    }
  }

  /** The bytes that the text here is in base64. */
  byte[] base64() {
    return KeyEncoding.base64(text(), place);
  }

  boolean flag() {
    if (in.currentToken() != JsonToken.VALUE_TRUE && in.currentToken() != JsonToken.VALUE_FALSE) {
      throw wrongType("true or false");
    }
    return in.currentToken() == JsonToken.VALUE_TRUE;
  }

  /** The flag here, which only makes sense when it is true. */
  boolean onlyTrue() {
    if (!flag()) {
      throw ProblemException.invalid(place + " must be true where it is said");
    }
    return true;
  }

  /** The whole number of 64 bits here; also as a text, for those who have no such numbers. */
  public long integer() {
    String text;
    if (in.currentToken() == JsonToken.VALUE_STRING
        || in.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      text = in.getString();
    } else {
      throw wrongType("a whole number, or one as text");
    }
    try {
      if (text.matches("-?[0-9]{1,19}")) {
        return Long.parseLong(text);
      }
    } catch (NumberFormatException e) {
      // Too large.
    }
    throw ProblemException.invalid(place + " is no whole number of 64 bits");
  }

  /** The life here, in milliseconds. */
  long life() {
    return Life.millis(text(), place);
  }

  /** The version here, as text: many a client would round it as a number. */
  String version() {
    String text = text();
    if (!text.matches("[0-9]{1,19}")) {
      throw ProblemException.invalid(place + " is no version, as answers give it");
    }
    return text;
  }

  /** What to throw for a field that there is not. */
  public ProblemException unknown(String... known) {
    return ProblemException.invalid(
        "there is no field " + place + "; there are " + String.join(", ", known));
  }

  /** What to throw for too many elements. */
  public ProblemException tooMany(int most) {
    return ProblemException.of(ErrorCode.TOO_LARGE, place + " has more than " + most);
  }

  /** What to throw for something wrong at this place. */
  public ProblemException wrong(String what) {
    return ProblemException.invalid(place + " " + what);
  }

  private void require(JsonToken token, String what) {
    if (in.currentToken() != token) {
      throw wrongType(what);
    }
  }

  private ProblemException wrongType(String what) {
    return ProblemException.invalid(place + " must be " + what);
  }
}
