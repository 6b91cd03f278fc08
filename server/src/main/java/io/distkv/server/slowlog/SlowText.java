package io.distkv.server.slowlog;

import io.distkv.node.command.CommandSpec;
import io.distkv.node.command.SlowLog;
import io.distkv.node.replica.ReplicaIdentity;
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

  /**
   * The line of the log.
   *
   * @param unlogged how many others were slow since the last line and have none
   */
  static String line(SlowLog.Entry entry, Passage passage, long unlogged) {
    StringBuilder line =
        new StringBuilder("slow operation: ")
            .append(String.join(" ", entry.words()))
            .append(passage.failed() ? " failed after " : " took ")
            .append(millis(passage.nanos()))
            .append(" = ")
            .append(entry.parts());
    ReplicaIdentity replica = passage.replica();
    if (replica != null) {
      line.append("; partition ").append(replica);
    }
    line.append("; ").append(passage.requestBytes()).append(" bytes");
    if (!entry.address().isEmpty()) {
      line.append(" from ").append(entry.address());
    }
    if (!entry.name().isEmpty()) {
      line.append(" (").append(entry.name()).append(')');
    }
    if (unlogged > 0) {
      line.append("; ").append(unlogged).append(" more were slow since the line before");
    }
    return line.toString();
  }

  private static String millis(long nanos) {
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
