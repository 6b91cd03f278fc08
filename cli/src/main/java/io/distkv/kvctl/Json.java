package io.distkv.kvctl;

import io.distkv.kvctl.text.Bytes;
import java.util.Base64;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON results: one object on a line, with the same names for the same things everywhere. */
public final class Json {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private Json() {}

  /** An object without members. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** Adds bytes as {@code name} where they are text, else as {@code nameBase64}. */
  public static ObjectNode put(ObjectNode object, String name, byte[] bytes) {
    String text = Bytes.text(bytes);
    return text == null
        ? object.put(name + "Base64", Base64.getEncoder().encodeToString(bytes))
        : object.put(name, text);
  }

  /** Prints the object on a line of its own. */
  public static void print(Shell shell, ObjectNode object) {
    shell.line(MAPPER.writeValueAsString(object));
  }
}
