package io.distkv.contract;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of a scenario, cut into words at its blanks outside of quotes; what follows a {@code #} is
 * a remark.
 *
 * @param number in its file, from 1 on
 * @param indented whether it belongs to the line above it
 * @param text as it was written, without the blanks around it
 */
record Line(int number, boolean indented, String text, List<String> words) {

  static Line of(int number, String text) {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      char each = text.charAt(at);
      if (each == '#') {
        break;
      }
      if (Character.isWhitespace(each)) {
        at++;
        continue;
      }
      int end = endOfWord(text, at);
      words.add(text.substring(at, end));
      at = end;
    }
    boolean indented = !text.isEmpty() && Character.isWhitespace(text.charAt(0));
    return new Line(number, indented, text.strip(), List.copyOf(words));
  }

  private static int endOfWord(String text, int from) {
    boolean quoted = false;
    for (int i = from; i < text.length(); i++) {
      char each = text.charAt(i);
      if (quoted && each == '\\') {
        i++;
      } else if (each == '"') {
        quoted = !quoted;
      } else if (!quoted && Character.isWhitespace(each)) {
        return i;
      }
    }
    if (quoted) {
      throw new IllegalArgumentException("quotes that are not closed: " + text);
    }
    return text.length();
  }

  /** The words before the arrow. */
  List<String> asked() {
    int arrow = words.indexOf("->");
    return arrow < 0 ? words : words.subList(0, arrow);
  }

  /** The words behind the arrow. */
  List<String> answered() {
    int arrow = words.indexOf("->");
    return arrow < 0 ? List.of() : words.subList(arrow + 1, words.size());
  }
}
