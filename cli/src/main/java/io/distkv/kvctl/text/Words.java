package io.distkv.kvctl.text;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of a command line as shells read them: blanks separate, single quotes keep all as it
 * is, in double quotes a backslash takes a double quote or backslash as it is, and outside of
 * quotes anything.
 */
public final class Words {
  private final String line;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;
  private int at;

  private Words(String line) {
    this.line = line;
  }

  /**
   * The words of a line; none if it is blank or begins with {@code #}.
   *
   * @throws IllegalArgumentException if a quote is not closed
   */
  public static List<String> of(String line) {
    return new Words(line).read();
  }

  private List<String> read() {
    if (line.stripLeading().startsWith("#")) {
      return List.of();
    }
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (Character.isWhitespace(c)) {
        end();
      } else {
        inWord = true;
        switch (c) {
          case '\'' -> single();
          case '"' -> quoted();
          case '\\' -> word.append(at < line.length() ? line.charAt(at++) : c);
          default -> word.append(c);
        }
      }
    }
    end();
    return words;
  }

  private void end() {
    if (inWord) {
      words.add(word.toString());
      word.setLength(0);
      inWord = false;
    }
  }

  private void single() {
    int close = line.indexOf('\'', at);
    if (close < 0) {
      throw new IllegalArgumentException("a ' is not closed");
    }
    word.append(line, at, close);
    at = close + 1;
  }

  private void quoted() {
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == '"') {
        return;
      }
      boolean escapes = c == '\\' && at < line.length() && "\"\\".indexOf(line.charAt(at)) >= 0;
      word.append(escapes ? line.charAt(at++) : c);
    }
    throw new IllegalArgumentException("a \" is not closed");
  }
}
