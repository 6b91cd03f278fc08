package io.distkv.node.command;

/** Whole numbers in decimal, read as strictly as Redis reads them. */
final class Numbers {
  private Numbers() {}

  /**
   * Reads an optional minus sign and digits without leading zeros; anything else, and what 64 bits
   * cannot hold, ends the command with {@code otherwise}.
   */
  static long parse(byte[] bytes, int offset, int length, Reply.Failure otherwise) {
    if (!isInteger(bytes, offset, length)) {
      throw new CommandException(otherwise);
    }
    int end = offset + length;
    boolean negative = bytes[offset] == '-';
    long result = 0;
    for (int i = negative ? offset + 1 : offset; i < end; i++) {
      result = result * 10 - (bytes[i] - '0');
    }
    return negative ? result : -result;
  }

  /** Whether {@link #parse} would succeed. */
  static boolean isInteger(byte[] bytes, int offset, int length) {
    int end = offset + length;
    boolean negative = length > 0 && bytes[offset] == '-';
    int at = negative ? offset + 1 : offset;
    if (at == end || length > 20) {
      return false;
    }
    if (bytes[at] == '0') {
      return length == 1;
    }
    long result = 0;
    for (; at < end; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      // Counted downwards, because there is one more negative number than positive ones.
      if (result < (Long.MIN_VALUE + digit) / 10) {
        return false;
      }
      result = result * 10 - digit;
    }
    return negative || result != Long.MIN_VALUE;
  }
}
