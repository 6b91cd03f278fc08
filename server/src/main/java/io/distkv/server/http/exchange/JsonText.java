package io.distkv.server.http.exchange;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** A JSON text that grows from its beginning to its end. */
public final class JsonText {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
  private final JsonGenerator out =
      FACTORY.createGenerator(ObjectWriteContext.empty(), bytes, JsonEncoding.UTF8);

  /** An object, whose fields the given code writes. */
  public void object(Runnable fields) {
    out.writeStartObject();
    fields.run();
    out.writeEndObject();
  }

  /** A field that holds a list, whose elements the given code writes. */
  public void list(String name, Runnable elements) {
    out.writeName(name);
    out.writeStartArray();
    elements.run();
    out.writeEndArray();
  }

  /** A field that holds an object, whose fields the given code writes. */
  public void object(String name, Runnable fields) {
    out.writeName(name);
    object(fields);
  }

  /** An element of a list. */
  public void text(String text) {
    out.writeString(text);
  }

  public void field(String name, String text) {
    out.writeName(name);
    out.writeString(text);
  }

  public void field(String name, boolean value) {
    out.writeName(name);
    out.writeBoolean(value);
  }

  /** A number that has no more than the digits of a double; 0 for none. */
  public void number(String name, double number) {
    out.writeName(name);
    if (number == Math.rint(number) && Math.abs(number) < 1L << 53) {
      out.writeNumber((long) number);
    } else {
      out.writeNumber(Double.isFinite(number) ? number : 0);
    }
  }

  public void number(String name, long number) {
    out.writeName(name);
    out.writeNumber(number);
  }

  /**
   * Bytes: as a text in the field where they are UTF-8, else in base64, in the field of the name
   * with {@code Base64} behind it.
   *
   * @param alwaysBase64 in base64 whatever they are
   */
  public void bytes(String name, ByteBuffer value, boolean alwaysBase64) {
    if (!alwaysBase64) {
      try {
        field(name, StandardCharsets.UTF_8.newDecoder().decode(value.duplicate()).toString());
        return;
      } catch (CharacterCodingException e) {
        // Some bytes are no text.
      }
    }
    ByteBuffer encoded = Base64.getEncoder().encode(value);
    field(name + "Base64", StandardCharsets.ISO_8859_1.decode(encoded).toString());
  }

  /** The whole text, which ends here. */
  public byte[] bytes() {
    out.close();
    return bytes.toByteArray();
  }
}
