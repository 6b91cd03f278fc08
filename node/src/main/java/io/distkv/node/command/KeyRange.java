package io.distkv.node.command;

/**
 * Which words of a command are keys: from {@code first} to {@code last}, every {@code step}.
 *
 * @param first index of the first key, 0 if the command has no keys
 * @param last index of the last key, or from the end where negative: -1 is the last word
 * @param step distance between keys
 */
public record KeyRange(int first, int last, int step) {
  static final KeyRange NONE = new KeyRange(0, 0, 0);

  /** Number of keys in a command of so many words. */
  public int count(int words) {
    if (first == 0) {
      return 0;
    }
    int end = last < 0 ? words + last : Math.min(last, words - 1);
    return end < first ? 0 : (end - first) / step + 1;
  }

  /** Whether the word at an index is a key, in a command of so many words. */
  public boolean contains(int index, int words) {
    return first != 0
        && index >= first
        && (index - first) % step == 0
        && (index - first) / step < count(words);
  }

  /** Index of the word that is the n-th key, counted from 0. */
  public int index(int n) {
    return first + n * step;
  }
}
