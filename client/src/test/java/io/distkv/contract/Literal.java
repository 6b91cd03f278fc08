package io.distkv.contract;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Keys and values as scenarios write them: {@code "text"} in UTF-8 with {@code \"}, {@code \\} and
 * {@code \xHH}; {@code "x"*64KiB}, so often one after another; {@code all-bytes}, the 256 bytes in
 * their order; and a word without quotes, which stands for itself.
 */
final class Literal {
  private static final String ALL_BYTES = "all-bytes";
  private static final int MOST_PRINTED_BYTES = 400;

  private Literal() {}

  static boolean isQuoted(String word) {
    return word.startsWith("\"");
  }

  static ByteString parse(String word) {
    if (word.equals(ALL_BYTES)) {
      byte[] all = new byte[256];
      for (int i = 0; i < all.length; i++) {
        all[i] = (byte) i;
      }
      return ByteString.copyFrom(all);
    }
    if (!isQuoted(word)) {
      return ByteString.copyFromUtf8(word);
    }
    int close = word.lastIndexOf('"');
    ByteString once = unquoted(word.substring(1, close));
    String times = word.substring(close + 1);
    return times.isEmpty() ? once : repeated(once, count(times.substring(1)));
  }

  private static int count(String text) {
    int unit = text.endsWith("KiB") ? 1 << 10 : text.endsWith("MiB") ? 1 << 20 : 1;
    return Integer.parseInt(unit == 1 ? text : text.substring(0, text.length() - 3)) * unit;
  }

  private static ByteString repeated(ByteString once, int times) {
    byte[] all = new byte[once.size() * times];
    for (int i = 0; i < times; i++) {
      once.copyTo(all, i * once.size());
    }
    return ByteString.copyFrom(all);
  }

  private static ByteString unquoted(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int at = 0;
    while (at < text.length()) {
      char each = text.charAt(at);
      if (each == '\\' && text.charAt(at + 1) == 'x') {
        bytes.write(HexFormat.fromHexDigits(text, at + 2, at + 4));
        at += 4;
      } else if (each == '\\') {
        bytes.write(text.charAt(at + 1));
        at += 2;
      } else {
        int next = text.offsetByCodePoints(at, 1);
        bytes.writeBytes(text.substring(at, next).getBytes(StandardCharsets.UTF_8));
        at = next;
      }
    }
    return ByteString.copyFrom(bytes.toByteArray());
  }

  private static boolean isOfOneByte(ByteString bytes) {
    for (int i = 1; i < bytes.size(); i++) {
      if (bytes.byteAt(i) != bytes.byteAt(0)) {
        return false;
      }
    }
    return true;
  }

  /** In quotes; of very long ones, only the beginning, unless they are of one byte. */
  static String print(ByteString bytes) {
    if (bytes.size() > MOST_PRINTED_BYTES && isOfOneByte(bytes)) {
      return print(bytes.substring(0, 1)) + "*" + bytes.size();
    }
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < Math.min(bytes.size(), MOST_PRINTED_BYTES); i++) {
      int each = bytes.byteAt(i) & 0xff;
      if (each == '"' || each == '\\') {
        text.append('\\').append((char) each);
      } else if (each >= ' ' && each < 0x7f) {
        text.append((char) each);
      } else {
        text.append("\\x").append(HexFormat.of().toHexDigits((byte) each));
      }
    }
    text.append('"');
    return bytes.size() > MOST_PRINTED_BYTES
        ? text.append("...(").append(bytes.size()).append(" bytes)").toString()
        : text.toString();
  }
}
