package io.distkv.raft;

import java.util.List;

/** The words of a line of a {@link Conversation}, one after the other. */
final class Words {
  private final List<String> words;
  private int next;

  Words(String line) {
    words = List.of(line.strip().split(" +"));
  }

  boolean isEmpty() {
    return next == words.size();
  }

  String take() {
    if (isEmpty()) {
      throw new IllegalArgumentException("a word is missing at the end");
    }
    return words.get(next++);
  }

  long takeNumber() {
    return Long.parseLong(take());
  }

  /** Takes a word if it comes next. */
  boolean takeIf(String word) {
    boolean there = !isEmpty() && words.get(next).equals(word);
    next += there ? 1 : 0;
    return there;
  }

  /** Takes a word that must come next. */
  void expect(String word) {
    if (!takeIf(word)) {
      throw new IllegalArgumentException("expected: " + word);
    }
  }

  /** All that are left. */
  List<String> rest() {
    List<String> rest = words.subList(next, words.size());
    next = words.size();
    return rest;
  }

  /** Nothing may be left. */
  void end() {
    if (!isEmpty()) {
      throw new IllegalArgumentException("too many words: " + rest());
    }
  }
}
