package io.distkv.node.command;

import java.util.ArrayList;
import java.util.List;

/** Reads a reply's text into lists, numbers and texts, to look inside it. */
final class RespValue {
  private final String text;
  private int at;

  private RespValue(String text) {
    this.text = text;
  }

  /**
   * A {@code List} for lists, maps and sets; {@code "nil"} for nothing; else the text or number.
   */
  static Object parse(String text) {
    return new RespValue(text).read();
  }

  private Object read() {
    int end = text.indexOf("\r\n", at);
    String header = text.substring(at, end);
    at = end + 2;
    char kind = header.charAt(0);
    String rest = header.substring(1);
    return switch (kind) {
      case '$', '=' -> rest.equals("-1") ? "nil" : bulk(Integer.parseInt(rest));
      case '*', '~', '>' -> rest.equals("-1") ? "nil" : list(Integer.parseInt(rest));
      case '%' -> list(2 * Integer.parseInt(rest));
      case ':' -> Long.parseLong(rest);
      case '_' -> "nil";
      default -> header;
    };
  }

  private String bulk(int length) {
    String bulk = text.substring(at, at + length);
    at += length + 2;
    return bulk;
  }

  private List<Object> list(int length) {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      list.add(read());
    }
    return list;
  }
}
