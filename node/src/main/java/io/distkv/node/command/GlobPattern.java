package io.distkv.node.command;

import java.util.ArrayList;
import java.util.List;

/**
 * A glob-style pattern as Redis matches it: {@code *}, {@code ?}, {@code [a-z]}, {@code [^a]} and
 * the backslash, with Redis's reading of everything odd (a bracket never closed, a range backwards,
 * bytes above 127 as negative numbers in ranges).
 *
 * <p>The pattern is read once into elements that each match one byte, and stars between them.
 * Matching goes back to the latest star only: what an earlier star would match longer, the latest
 * one can skip as well. So the time is at most pattern times text, whatever the pattern; the
 * recursive way takes exponential time on patterns like {@code a*a*a*b}.
 */
final class GlobPattern {

  /** What matches one byte; a star matches by itself. */
  private sealed interface Element {
    record Literal(byte value) implements Element {}

    record AnyByte() implements Element {}

    record Star() implements Element {}

    /** Bit n of the four words tells whether byte n matches. */
    record OneOf(long w0, long w1, long w2, long w3) implements Element {
      boolean has(byte value) {
        int index = value & 0xFF;
        long word = index < 64 ? w0 : index < 128 ? w1 : index < 192 ? w2 : w3;
        return (word >>> (index & 63) & 1) != 0;
      }
    }
  }

  private final List<Element> elements;
  private final byte[] literalPrefix;

  private GlobPattern(List<Element> elements) {
    this.elements = elements;
    int literals = 0;
    while (literals < elements.size() && elements.get(literals) instanceof Element.Literal) {
      literals++;
    }
    literalPrefix = new byte[literals];
    for (int i = 0; i < literals; i++) {
      literalPrefix[i] = elements.get(i) instanceof Element.Literal(byte value) ? value : 0;
    }
  }

  /** Reads a pattern; every sequence of bytes is one. */
  static GlobPattern of(byte[] pattern) {
    return new GlobPattern(new Reader(pattern).read());
  }

  /** Reads a pattern for texts in lower case, without regard to its own case. */
  static GlobPattern ignoringCase(byte[] pattern) {
    byte[] lower = pattern.clone();
    for (int i = 0; i < lower.length; i++) {
      if (lower[i] >= 'A' && lower[i] <= 'Z') {
        lower[i] = (byte) (lower[i] + ('a' - 'A'));
      }
    }
    return of(lower);
  }

  /** What every match begins with; the pattern's bytes up to its first wildcard. */
  byte[] literalPrefix() {
    return literalPrefix;
  }

  /** Whether the whole text matches. */
  boolean matches(byte[] text) {
    int at = 0;
    int element = 0;
    int starElement = -1;
    int starAt = 0;
    while (at < text.length) {
      if (element < elements.size() && elements.get(element) instanceof Element.Star) {
        element++;
        if (element == elements.size()) {
          return true;
        }
        starElement = element;
        starAt = at;
      } else if (element < elements.size() && matches(elements.get(element), text[at])) {
        element++;
        at++;
      } else if (starElement >= 0) {
        starAt++;
        at = starAt;
        element = starElement;
      } else {
        return false;
      }
    }
    // An empty text matches nothing but the empty pattern: Redis never looks at the stars then.
    while (text.length > 0
        && element < elements.size()
        && elements.get(element) instanceof Element.Star) {
      element++;
    }
    return element == elements.size();
  }

  private static boolean matches(Element element, byte value) {
    return switch (element) {
      case Element.Literal literal -> literal.value == value;
      case Element.AnyByte any -> true;
      case Element.OneOf set -> set.has(value);
      case Element.Star star -> false;
    };
  }

  /** Reads a pattern from left to right. */
  private static final class Reader {
    private final byte[] pattern;
    private int at;

    Reader(byte[] pattern) {
      this.pattern = pattern;
    }

    List<Element> read() {
      List<Element> elements = new ArrayList<>();
      while (at < pattern.length) {
        switch (pattern[at]) {
          case '*' -> {
            if (elements.isEmpty() || !(elements.getLast() instanceof Element.Star)) {
              elements.add(new Element.Star());
            }
          }
          case '?' -> elements.add(new Element.AnyByte());
          case '[' -> elements.add(readSet());
          default -> {
            if (pattern[at] == '\\' && at + 1 < pattern.length) {
              at++;
            }
            elements.add(new Element.Literal(pattern[at]));
          }
        }
        at++;
      }
      return elements;
    }

    /** From the opening bracket to the closing one, or to the end of the pattern. */
    private Element readSet() {
      at++;
      boolean negated = at < pattern.length && pattern[at] == '^';
      if (negated) {
        at++;
      }
      long[] words = new long[4];
      while (at < pattern.length) {
        int left = pattern.length - at;
        if (left >= 2 && pattern[at] == '\\') {
          at++;
          add(words, pattern[at], pattern[at]);
        } else if (pattern[at] == ']') {
          break;
        } else if (left >= 3 && pattern[at + 1] == '-') {
          add(words, pattern[at], pattern[at + 2]);
          at += 2;
        } else {
          add(words, pattern[at], pattern[at]);
        }
        at++;
      }
      long flip = negated ? -1L : 0L;
      return new Element.OneOf(words[0] ^ flip, words[1] ^ flip, words[2] ^ flip, words[3] ^ flip);
    }

    private static void add(long[] words, byte from, byte to) {
      for (int value = Math.min(from, to); value <= Math.max(from, to); value++) {
        words[(value & 0xFF) >> 6] |= 1L << (value & 63);
      }
    }
  }
}
