package io.distkv.kvctl.text;

import java.util.Arrays;

/**
 * A pattern of keys, with the rules of Redis: {@code *} any bytes, {@code ?} one byte, {@code
 * [a-c]} one of these, {@code [^a]} one but these, and a backslash takes the byte behind it as it
 * is.
 */
public final class Glob {
  private final byte[] pattern;

  /** A pattern; what is not closed at its end is closed there. */
  public Glob(byte[] pattern) {
    this.pattern = pattern.clone();
  }

  /** What every key that matches begins with; perhaps nothing. */
  public byte[] literalPrefix() {
    byte[] prefix = new byte[pattern.length];
    int length = 0;
    for (int i = 0; i < pattern.length; i++) {
      byte b = pattern[i];
      if (b == '*' || b == '?' || b == '[') {
        break;
      }
      if (b == '\\' && i + 1 < pattern.length) {
        i++;
      }
      prefix[length++] = pattern[i];
    }
    return Arrays.copyOf(prefix, length);
  }

  /** Whether a key is like this. */
  public boolean matches(byte[] key) {
    int p = 0;
    int k = 0;
    // Where to go on if what follows the last star does not fit: one byte of the key further.
    int star = -1;
    int starKey = 0;
    while (k < key.length) {
      int next = p < pattern.length ? step(p, key[k]) : 0;
      if (p < pattern.length && pattern[p] == '*') {
        star = p++;
        starKey = k;
      } else if (next > 0) {
        p = next;
        k++;
      } else if (star >= 0) {
        p = star + 1;
        k = ++starKey;
      } else {
        return false;
      }
    }
    while (p < pattern.length && pattern[p] == '*') {
      p++;
    }
    return p == pattern.length;
  }

  /** Behind the element at {@code p} if it takes the byte; else 0. */
  private int step(int p, byte b) {
    return switch (pattern[p]) {
      case '?' -> p + 1;
      case '[' -> set(p + 1, b);
      case '\\' -> {
        int literal = p + 1 < pattern.length ? p + 1 : p;
        yield pattern[literal] == b ? literal + 1 : 0;
      }
      default -> pattern[p] == b ? p + 1 : 0;
    };
  }

  private int set(int start, byte b) {
    int i = start;
    boolean not = i < pattern.length && pattern[i] == '^';
    if (not) {
      i++;
    }
    boolean in = false;
    while (i < pattern.length && pattern[i] != ']') {
      if (pattern[i] == '\\' && i + 1 < pattern.length) {
        i++;
        in |= pattern[i] == b;
      } else if (i + 2 < pattern.length && pattern[i + 1] == '-') {
        // Bytes above 127 count as negative numbers, as in Redis and in a node's own patterns.
        in |=
            b >= Math.min(pattern[i], pattern[i + 2]) && b <= Math.max(pattern[i], pattern[i + 2]);
        i += 2;
      } else {
        in |= pattern[i] == b;
      }
      i++;
    }
    return in == not ? 0 : Math.min(i + 1, pattern.length);
  }
}
