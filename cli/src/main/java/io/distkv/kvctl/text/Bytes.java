package io.distkv.kvctl.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as text and back without damage.
 *
 * <p>Keys and values are any bytes; a command line, a terminal and JSON hold text. Three forms:
 *
 * <ul>
 *   <li><b>carried</b>: a string in which each byte that is no part of valid UTF-8 is the lone
 *       surrogate U+DC00 + byte (Python calls it surrogateescape): how arguments travel inside this
 *       program;
 *   <li><b>escaped</b>: printable text as it is, all else as {@code \n \t \r \\} or {@code \xNN}:
 *       how keys are shown, one on a line, safe for a terminal;
 *   <li><b>text</b>: plain UTF-8, for bytes that are that.
 * </ul>
 */
public final class Bytes {
  private static final char LONE = '\uDC00';

  private Bytes() {}

  /** The bytes as text when they are valid UTF-8, else null. */
  public static @Nullable String text(byte[] bytes) {
    return isText(bytes) ? new String(bytes, StandardCharsets.UTF_8) : null;
  }

  /** Whether the bytes are valid UTF-8. */
  public static boolean isText(byte[] bytes) {
    for (int i = 0; i < bytes.length; ) {
      int length = bytes[i] >= 0 ? 1 : sequenceLength(bytes, i);
      if (length == 0) {
        return false;
      }
      i += length;
    }
    return true;
  }

  /** The carried form of the bytes. */
  public static String carry(byte[] bytes) {
    String text = text(bytes);
    if (text != null) {
      return text;
    }
    StringBuilder carried = new StringBuilder(bytes.length);
    for (int i = 0; i < bytes.length; ) {
      int length = sequenceLength(bytes, i);
      if (length == 0) {
        carried.append((char) (LONE + (bytes[i] & 0xff)));
        i++;
      } else {
        carried.append(new String(bytes, i, length, StandardCharsets.UTF_8));
        i += length;
      }
    }
    return carried.toString();
  }

  /** The bytes of a carried string. */
  public static byte[] uncarry(String carried) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(carried.length());
    for (int i = 0; i < carried.length(); ) {
      int point = carried.codePointAt(i);
      if (point >= LONE && point <= LONE + 0xff) {
        bytes.write(point - LONE);
      } else {
        bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
      }
      i += Character.charCount(point);
    }
    return bytes.toByteArray();
  }

  /** The escaped form of the bytes. */
  public static String escape(byte[] bytes) {
    StringBuilder escaped = new StringBuilder(bytes.length + 8);
    for (int i = 0; i < bytes.length; ) {
      int length = sequenceLength(bytes, i);
      int point =
          length == 0 ? -1 : new String(bytes, i, length, StandardCharsets.UTF_8).codePointAt(0);
      switch (point) {
        case '\\' -> escaped.append("\\\\");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        default -> {
          if (point >= 0 && isPrintable(point)) {
            escaped.appendCodePoint(point);
          } else {
            for (int b = i; b < i + Math.max(1, length); b++) {
              escaped.append("\\x%02x".formatted(bytes[b] & 0xff));
            }
          }
        }
      }
      i += Math.max(1, length);
    }
    return escaped.toString();
  }

  /**
   * The bytes of an escaped string (which may be carried, too).
   *
   * @throws IllegalArgumentException for a backslash that begins none of the escapes
   */
  public static byte[] unescape(String escaped) {
    byte[] source = uncarry(escaped);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(source.length);
    for (int i = 0; i < source.length; i++) {
      if (source[i] != '\\') {
        bytes.write(source[i]);
        continue;
      }
      int kind = ++i < source.length ? source[i] : -1;
      switch (kind) {
        case '\\' -> bytes.write('\\');
        case 'n' -> bytes.write('\n');
        case 'r' -> bytes.write('\r');
        case 't' -> bytes.write('\t');
        case 'x' -> {
          int high = i + 1 < source.length ? Character.digit(source[i + 1], 16) : -1;
          int low = i + 2 < source.length ? Character.digit(source[i + 2], 16) : -1;
          if (high < 0 || low < 0) {
            throw new IllegalArgumentException("\\x wants two hexadecimal digits");
          }
          bytes.write(high << 4 | low);
          i += 2;
        }
        default ->
            throw new IllegalArgumentException("a backslash begins \\\\ \\n \\r \\t or \\xNN");
      }
    }
    return bytes.toByteArray();
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** How many bytes at {@code i} make one code point in valid UTF-8, 0 where none do. */
  private static int sequenceLength(byte[] bytes, int i) {
    int first = bytes[i] & 0xff;
    if (first < 0x80) {
      return 1;
    }
    int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || i + length > bytes.length) {
      return 0;
    }
    int point = first & (0x7f >> length);
    for (int b = i + 1; b < i + length; b++) {
      if ((bytes[b] & 0xc0) != 0x80) {
        return 0;
      }
      point = point << 6 | (bytes[b] & 0x3f);
    }
    int smallest = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
    boolean surrogate = point >= 0xd800 && point <= 0xdfff;
    return point < smallest || point > 0x10ffff || surrogate ? 0 : length;
  }
}
