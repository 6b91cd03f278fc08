package io.distkv.server.http.exchange;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Turns parts of a request line into bytes. Strict: every character stands for itself or begins an
 * escape of two hexadecimal digits; nothing else is a byte, and nothing is decoded twice.
 */
final class PercentCoding {
  private PercentCoding() {}

  /**
   * The bytes that a part of a path, or of a query, stands for: any at all, zero included.
   *
   * @param what it is, for the error
   */
  static byte[] bytes(String part, String what) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(part.length());
    for (int i = 0; i < part.length(); i++) {
      char next = part.charAt(i);
      if (next <= ' ' || next > '~') {
        throw ProblemException.invalid(what + " has a character that must be percent-encoded");
      }
      if (next != '%') {
        bytes.write(next);
        continue;
      }
      int high = i + 2 < part.length() ? Character.digit(part.charAt(i + 1), 16) : -1;
      int low = i + 2 < part.length() ? Character.digit(part.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        throw ProblemException.invalid(what + " has a % without two hexadecimal digits");
      }
      bytes.write(high << 4 | low);
      i += 2;
    }
    return bytes.toByteArray();
  }

  /** The text that a part stands for, which must be UTF-8. */
  static String text(String part, String what) {
    String text = utf8(bytes(part, what));
    if (text == null) {
      throw ProblemException.invalid(what + " is not UTF-8");
    }
    return text;
  }

  /** The text that bytes are in UTF-8; null if they are none. Overlong forms are none. */
  private static @Nullable String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
