package io.distkv.node.command;

import io.distkv.base.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The answer to one command, before any protocol prints it. Kinds that only the third version of
 * the Redis protocol has (maps, sets, doubles...) say in their own comment how the second version
 * shows them.
 *
 * <p>Immutable. Arrays inside are shared, not copied: whoever holds a reply never changes them.
 */
public sealed interface Reply {

  /** {@code +OK}. */
  Reply OK = new Simple("OK");

  /** A missing value: {@code $-1}, or {@code _} in version 3. */
  Reply NULL = new Null();

  /** A missing list: {@code *-1}, or {@code _} in version 3. */
  Reply NULL_ARRAY = new NullArray();

  /** {@code :0}. */
  Reply ZERO = new Int(0);

  /** {@code :1}. */
  Reply ONE = new Int(1);

  /** A bulk string without bytes. */
  Reply EMPTY_BULK = new Bulk(new byte[0], 0, 0);

  /** A list without elements. */
  Reply EMPTY_ARRAY = new Array(List.of());

  /** A short status without line breaks; every character is one byte (ISO 8859-1). */
  record Simple(String text) implements Reply {}

  /**
   * A failure.
   *
   * @param code the meaning, for front ends other than RESP and for statistics
   * @param line the whole line as RESP sends it, prefix first and without line breaks, such as
   *     {@code ERR syntax error}; every character is one byte (ISO 8859-1)
   */
  record Failure(ErrorCode code, String line) implements Reply {

    /** What the line says behind its prefix, for front ends that send the code by itself. */
    public String text() {
      return line.substring(line.indexOf(' ') + 1);
    }
  }

  /** An integer. */
  record Int(long value) implements Reply {}

  /**
   * A whole number as text in decimal, a bulk string in both versions: for numbers so large that
   * clients in JavaScript would round them.
   */
  record Decimal(long value) implements Reply {}

  /** Bytes: a slice of an array that nobody changes. */
  @SuppressWarnings("ArrayRecordComponent")
  record Bulk(byte[] array, int offset, int length) implements Reply {}

  /** See {@link #NULL}. */
  record Null() implements Reply {}

  /** See {@link #NULL_ARRAY}. */
  record NullArray() implements Reply {}

  /** A list. */
  record Array(List<Reply> elements) implements Reply {}

  /**
   * A map.
   *
   * @param flat key, value, key, value...: version 2 prints it as this list
   */
  record Pairs(List<Reply> flat) implements Reply {}

  /** An unordered set without duplicates; a list in version 2. */
  record Members(List<Reply> elements) implements Reply {}

  /** A floating-point number; a bulk string in version 2. */
  record Real(double value) implements Reply {}

  /** True or false; {@code :1} or {@code :0} in version 2. */
  record Bool(boolean value) implements Reply {}

  /**
   * Text for people; a bulk string in version 2.
   *
   * @param format three letters, such as {@code txt}
   */
  record Verbatim(String format, String text) implements Reply {}

  /** A message that answers no command; an ordinary list in version 2. */
  record Push(List<Reply> elements) implements Reply {}

  /** The integer reply of a number. */
  static Reply of(long value) {
    return value == 0 ? ZERO : value == 1 ? ONE : new Int(value);
  }

  /** The bulk reply of a whole array, which must not change afterwards. */
  static Reply bulk(byte[] bytes) {
    return new Bulk(bytes, 0, bytes.length);
  }

  /** The bulk reply of a text in UTF-8. */
  static Reply bulk(String text) {
    return bulk(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A list reply. */
  static Reply array(Reply... elements) {
    return new Array(List.of(elements));
  }
}
