package io.distkv.node.command;

import io.distkv.base.ErrorCode;
import io.distkv.base.Limits;
import java.nio.charset.StandardCharsets;

/**
 * The words of one command as the client sent them, the command's name first, and the ways to read
 * them. A word that cannot be read as asked ends the command with the error that Redis gives.
 */
public final class Arguments {
  private final byte[][] words;

  /** Wraps words without copying them; nobody changes them afterwards. */
  public Arguments(byte[][] words) {
    if (words.length == 0) {
      throw new IllegalArgumentException("a command has at least its name");
    }
    this.words = words;
  }

  /** Number of words, the name included. */
  public int size() {
    return words.length;
  }

  /** A word as it was sent. */
  public byte[] bytes(int index) {
    return words[index];
  }

  /** All words as they were sent: what a log entry holds. */
  public byte[][] words() {
    return words;
  }

  /** A word as text, byte by byte (ISO 8859-1), which loses nothing. */
  public String text(int index) {
    return new String(words[index], StandardCharsets.ISO_8859_1);
  }

  /** Whether a word is this option in any case; {@code option} is in capitals. */
  boolean is(int index, String option) {
    byte[] word = words[index];
    if (word.length != option.length()) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      int c = word[i];
      if (c >= 'a' && c <= 'z') {
        c -= 'a' - 'A';
      }
      if (c != option.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** A key within its limits. */
  byte[] key(int index) {
    byte[] key = words[index];
    if (key.length == 0 || key.length > Limits.MAX_KEY_BYTES) {
      throw new CommandException(
          key.length == 0
              ? Errors.invalid("a key has at least one byte")
              : Errors.of(
                  ErrorCode.TOO_LARGE,
                  "a key has at most "
                      + Limits.MAX_KEY_BYTES
                      + " bytes, this one has "
                      + key.length));
    }
    return key;
  }

  /**
   * Checks every {@code step}-th word from {@code first} on as a key, and that they are not too
   * many.
   */
  void keys(int first, int step) {
    int count = (words.length - first + step - 1) / step;
    if (count > Limits.MAX_BATCH_OPERATIONS) {
      throw new CommandException(
          Errors.of(
              ErrorCode.TOO_LARGE,
              "a command has at most "
                  + Limits.MAX_BATCH_OPERATIONS
                  + " keys, this one has "
                  + count));
    }
    for (int i = first; i < words.length; i += step) {
      key(i);
    }
  }

  /** A value within its limit. */
  byte[] value(int index) {
    checkValueLength(words[index].length);
    return words[index];
  }

  /**
   * A bound of a range of keys, which may be empty. It may have one byte more than a key: what is
   * right behind the longest key has.
   */
  byte[] bound(int index) {
    byte[] bound = words[index];
    if (bound.length > Limits.MAX_KEY_BYTES + 1) {
      throw new CommandException(
          Errors.of(
              ErrorCode.TOO_LARGE,
              "a bound of a range of keys has at most "
                  + (Limits.MAX_KEY_BYTES + 1)
                  + " bytes, this one has "
                  + bound.length));
    }
    return bound;
  }

  /** A whole number of 64 bits. */
  long integer(int index) {
    return integer(index, Errors.NOT_AN_INTEGER);
  }

  /** A whole number of 64 bits, or an error of the caller's choice. */
  long integer(int index, Reply.Failure otherwise) {
    byte[] word = words[index];
    return Numbers.parse(word, 0, word.length, otherwise);
  }

  /** A whole number within bounds. */
  long integer(int index, long min, long max) {
    long number = integer(index);
    if (number < min || number > max) {
      throw CommandException.invalid(
          "value is out of range, value must between " + min + " and " + max);
    }
    return number;
  }

  static void checkValueLength(long lengthBytes) {
    if (lengthBytes > Limits.MAX_VALUE_BYTES) {
      throw new CommandException(
          Errors.of(
              ErrorCode.TOO_LARGE,
              "string exceeds maximum allowed size (" + Limits.MAX_VALUE_BYTES + " bytes)"));
    }
  }
}
