package io.distkv.node.command;

/**
 * A run of positions in a value, both ends included, made from the bounds that a client gave:
 * negative ones count from the end, and those beyond the value are drawn to it.
 *
 * @param last smaller than {@code first} where the run is empty
 */
record Span(long first, long last) {
  private static final Span EMPTY = new Span(0, -1);

  /** Of a value with so many bytes or bits. */
  static Span of(long start, long end, long total) {
    if (start < 0 && end < 0 && start > end) {
      return EMPTY;
    }
    return lenient(start, end, total);
  }

  /** The same, without the early look at two negative bounds, whose order then decides alone. */
  static Span lenient(long start, long end, long total) {
    long first = Math.max(0, start < 0 ? total + start : start);
    long last = Math.min(total - 1, Math.max(0, end < 0 ? total + end : end));
    return first > last ? EMPTY : new Span(first, last);
  }

  boolean isEmpty() {
    return first > last;
  }
}
