package io.distkv.contract;

import com.google.protobuf.ByteString;
import java.util.List;

/** Takes the words of a line one after another. */
final class Words {
  private final List<String> words;
  private int next;

  Words(List<String> words) {
    this.words = words;
  }

  boolean hasNext() {
    return next < words.size();
  }

  String next() {
    if (!hasNext()) {
      throw new IllegalArgumentException("the line ends too early: " + words);
    }
    return words.get(next++);
  }

  /** The next word must be this one. */
  void require(String word) {
    if (!take(word)) {
      throw new IllegalArgumentException("the word " + word + " is missing: " + words);
    }
  }

  /** Whether the next word is this one, which is taken then. */
  boolean take(String word) {
    boolean there = hasNext() && words.get(next).equals(word);
    next += there ? 1 : 0;
    return there;
  }

  ByteString literal() {
    return Literal.parse(next());
  }

  long number() {
    return Long.parseLong(next());
  }

  long millis() {
    return millis(next());
  }

  /** The milliseconds that a word such as {@code 60s} says. */
  static long millis(String word) {
    String unit = word.replaceAll("[0-9]", "");
    long amount = Long.parseLong(word.substring(0, word.length() - unit.length()));
    return switch (unit) {
      case "ms" -> amount;
      case "s" -> Math.multiplyExact(amount, 1_000);
      case "m" -> Math.multiplyExact(amount, 60_000);
      case "h" -> Math.multiplyExact(amount, 3_600_000);
      case "d" -> Math.multiplyExact(amount, 86_400_000);
      case "" -> {
        if (amount == 0) {
          yield 0;
        }
        throw new IllegalArgumentException("a time has a unit: " + word);
      }
      default -> throw new IllegalArgumentException("no time: " + word);
    };
  }

  /** What to throw for the word that was taken last. */
  IllegalArgumentException unknown() {
    return new IllegalArgumentException(
        "the word " + words.get(next - 1) + " is not known there: " + words);
  }
}
