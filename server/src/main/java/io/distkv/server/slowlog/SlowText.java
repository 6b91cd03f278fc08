package io.distkv.server.slowlog;

import io.distkv.node.command.CommandSpec;
import io.distkv.node.session.Passage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says in words what an operation was and where its time went. */
final class SlowText {
  /** Of a key; a longer one is cut. */
  private static final int MOST_KEY_BYTES = 128;

  private SlowText() {}

  /** The command and its first key; of the rest only how much there is, since it may be large. */
  static List<String> words(Passage passage) {
    List<String> words = new ArrayList<>();
    CommandSpec spec = passage.spec();
    words.add(spec == null ? "?" : spec.name().replace('|', ' '));
    byte[] key = passage.firstKey();
    if (key != null) {
      words.add(key(key));
      if (passage.keys() > 1) {
        words.add("(" + passage.keys() + " keys)");
      }
    }
    return words;
  }

  /** As in {@code journal 118.2ms, apply 0.3ms}. */
  static String parts(Passage passage) {
    StringBuilder text = new StringBuilder();
    for (Passage.Part part : passage.parts()) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(part.stage().name().toLowerCase(Locale.ROOT))
          .append(' ')
          .append(millis(part.nanos()));
    }
    return text.toString();
  }

  static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.1fms", nanos / 1e6);
  }

  /** Printable characters as they are, all others escaped: nobody can write lines of their own. */
  private static String key(byte[] key) {
    StringBuilder text = new StringBuilder("\"");
    int shown = Math.min(key.length, MOST_KEY_BYTES);
    for (int i = 0; i < shown; i++) {
      int c = key[i] & 0xff;
      if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
        text.append((char) c);
      } else {
        text.append(String.format(Locale.ROOT, "\\x%02x", c));
      }
    }
    text.append('"');
    if (shown < key.length) {
      text.append("... (").append(key.length).append(" bytes)");
    }
    return text.toString();
  }
}
