package io.distkv.node.command;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Text in bytes: every byte is one character (ISO 8859-1), so that nothing is lost either way. */
final class Bytes {
  private Bytes() {}

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** The beginning of a text, up to a zero byte, as C prints it. */
  static String cText(byte[] bytes, int maxLength) {
    int length = 0;
    while (length < bytes.length && length < maxLength && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  /** Whether bytes are a text in lower case, without regard to their own case. */
  static boolean equalsIgnoreCase(byte[] bytes, String lower) {
    if (bytes.length != lower.length()) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      int c = bytes[i];
      if (c >= 'A' && c <= 'Z') {
        c += 'a' - 'A';
      }
      if (c != lower.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
