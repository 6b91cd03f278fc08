package io.distkv.server.resp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.distkv.node.command.Reply;
import java.util.List;

/**
 * Writes replies as version 2 or 3 of the Redis protocol has them. What version 2 lacks is shown as
 * Redis shows it there: maps and sets as lists, numbers and texts as bulk strings, booleans as
 * integers.
 *
 * <p>Not thread-safe: one instance belongs to one lane.
 */
final class ReplyPrinter {
  private static final byte[] LINE_END = "\r\n".getBytes(US_ASCII);
  private static final byte[] OK = "+OK\r\n".getBytes(US_ASCII);
  private static final byte[] NULL_2 = "$-1\r\n".getBytes(US_ASCII);
  private static final byte[] NULL_ARRAY_2 = "*-1\r\n".getBytes(US_ASCII);
  private static final byte[] NULL_3 = "_\r\n".getBytes(US_ASCII);
  private static final byte[] TRUE_3 = "#t\r\n".getBytes(US_ASCII);
  private static final byte[] FALSE_3 = "#f\r\n".getBytes(US_ASCII);
  private static final byte[] MIN_LONG = "-9223372036854775808".getBytes(US_ASCII);

  /** Room for a kind, the longest number and a line end, filled from its end. */
  private final byte[] header = new byte[24];

  /**
   * @param version of the protocol, 2 or 3
   */
  void print(Reply reply, int version, ReplySink sink) {
    boolean third = version >= 3;
    switch (reply) {
      case Reply.Bulk(byte[] array, int offset, int length) -> {
        header('$', length, sink);
        sink.write(array, offset, length);
        sink.write(LINE_END);
      }
      case Reply.Simple simple -> {
        if (simple.text().equals("OK")) {
          sink.write(OK);
        } else {
          line('+', simple.text(), sink);
        }
      }
      case Reply.Int(long value) -> header(':', value, sink);
      case Reply.Decimal(long value) -> bulk('$', Long.toString(value).getBytes(US_ASCII), sink);
      case Reply.Null() -> sink.write(third ? NULL_3 : NULL_2);
      case Reply.NullArray() -> sink.write(third ? NULL_3 : NULL_ARRAY_2);
      case Reply.Failure error -> line('-', error.line(), sink);
      case Reply.Array(List<Reply> elements) -> elements('*', elements, 1, version, sink);
      case Reply.Pairs(List<Reply> flat) ->
          elements(third ? '%' : '*', flat, third ? 2 : 1, version, sink);
      case Reply.Members(List<Reply> members) ->
          elements(third ? '~' : '*', members, 1, version, sink);
      case Reply.Push(List<Reply> elements) ->
          elements(third ? '>' : '*', elements, 1, version, sink);
      case Reply.Real(double value) -> {
        if (third) {
          line(',', real(value), sink);
        } else {
          bulk('$', real(value).getBytes(US_ASCII), sink);
        }
      }
      case Reply.Bool(boolean value) -> {
        if (third) {
          sink.write(value ? TRUE_3 : FALSE_3);
        } else {
          header(':', value ? 1 : 0, sink);
        }
      }
      case Reply.Verbatim(String format, String text) -> {
        if (third) {
          bulk('=', (format + ':' + text).getBytes(UTF_8), sink);
        } else {
          bulk('$', text.getBytes(UTF_8), sink);
        }
      }
    }
  }

  private void elements(
      char kind, List<Reply> elements, int perEntry, int version, ReplySink sink) {
    header(kind, elements.size() / perEntry, sink);
    for (Reply element : elements) {
      print(element, version, sink);
    }
  }

  private void bulk(char kind, byte[] bytes, ReplySink sink) {
    header(kind, bytes.length, sink);
    sink.write(bytes);
    sink.write(LINE_END);
  }

  private static void line(char kind, String text, ReplySink sink) {
    sink.write((kind + text + "\r\n").getBytes(UTF_8));
  }

  /** A kind, a number and a line end. */
  private void header(char kind, long number, ReplySink sink) {
    int at = header.length;
    header[--at] = '\n';
    header[--at] = '\r';
    if (number == Long.MIN_VALUE) {
      at -= MIN_LONG.length;
      System.arraycopy(MIN_LONG, 0, header, at, MIN_LONG.length);
    } else {
      long rest = Math.abs(number);
      do {
        header[--at] = (byte) ('0' + rest % 10);
        rest /= 10;
      } while (rest != 0);
      if (number < 0) {
        header[--at] = '-';
      }
    }
    header[--at] = (byte) kind;
    sink.write(header, at, header.length - at);
  }

  /** The shortest decimal that stands for the number; whole numbers without a fraction. */
  private static String real(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e17;
    return whole ? Long.toString((long) value) : Double.toString(value);
  }
}
