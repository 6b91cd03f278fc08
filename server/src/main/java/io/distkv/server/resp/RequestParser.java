package io.distkv.server.resp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the requests in a client's stream of bytes: RESP arrays of bulk strings, and inline
 * commands.
 *
 * <p>The parser is fed the stream in pieces cut anywhere. It consumes every byte it is given up to
 * the end of the next request, and keeps what it has understood (the arguments so far, the part of
 * the argument being received, the part of a line), not the bytes themselves; so a byte is looked
 * at once however many pieces a request comes in, and no request is assembled twice. The rejected
 * way, gathering a whole frame and parsing it from its start each time more of it has come, costs
 * the square of the pieces for large requests.
 *
 * <p>Memory is only taken for bytes that came: an announced length alone allocates nothing beyond
 * {@value #EAGER_BYTES} bytes, and what came is bounded by {@link RequestLimits#requestBytes}.
 *
 * <p>Not thread-safe: one instance belongs to one connection. After a {@link ProtocolException} it
 * must not be used again.
 */
final class RequestParser {
  /** What each argument is taken to cost beside its bytes. */
  static final int ARGUMENT_OVERHEAD_BYTES = 24;

  private static final int EAGER_BYTES = 16 * 1024;
  private static final int EAGER_ARGUMENTS = 16;
  private static final int LONGEST_NUMBER = 20;
  private static final byte[] EMPTY = {};

  /** What the next byte belongs to. */
  private enum Expect {
    /** The first line of a request: {@code *N} or an inline command. */
    REQUEST,
    /** The line {@code $N} in front of an argument. */
    LENGTH,
    /** The bytes of an argument. */
    BULK,
    /** The line end after them. */
    BULK_END
  }

  private final RequestLimits limits;
  private Expect expect = Expect.REQUEST;

  private byte[][] arguments = {};
  private int argumentCount;
  private int argumentsWanted;
  private long requestBytes;

  private byte[] bulk = EMPTY;
  private int bulkFilled;
  private int bulkWanted;
  private int lineEndsSeen;

  /** The start of a line whose end has not come yet. */
  private byte[] line = EMPTY;

  private int lineFilled;

  private byte @Nullable [][] complete;

  /** The rest of the current request is looked at to find its end, and not kept. */
  private boolean discarding;

  RequestParser(RequestLimits limits) {
    this.limits = limits;
  }

  /**
   * Consumes bytes until a request is complete or the piece is used up.
   *
   * @return the index of the first byte that was not consumed: less than {@code end} only when a
   *     request is complete, which {@link #take} then gives
   */
  int parse(byte[] from, int start, int end) throws ProtocolException {
    int at = start;
    while (at < end && complete == null) {
      at =
          switch (expect) {
            case REQUEST, LENGTH -> parseLine(from, at, end);
            case BULK -> fillBulk(from, at, end);
            case BULK_END -> endBulk(from, at);
          };
    }
    return at;
  }

  /**
   * The request that is complete, given once; null while there is none, and without any words where
   * it was given up.
   */
  byte @Nullable [][] take() {
    byte[][] request = complete;
    complete = null;
    return request;
  }

  /** Bytes held for a request that is not complete yet; not those that were only announced. */
  long heldBytes() {
    long announced = expect == Expect.BULK ? bulkWanted - bulk.length : 0;
    return (discarding ? 0 : requestBytes - announced) + lineFilled;
  }

  /**
   * Gives up the request whose beginning has come, and frees its memory.
   *
   * @return false if there is none
   */
  boolean discard() {
    if (expect == Expect.REQUEST) {
      return false;
    }
    discarding = true;
    arguments = new byte[0][];
    bulk = EMPTY;
    return true;
  }

  private int parseLine(byte[] from, int start, int end) throws ProtocolException {
    int newline = start;
    int stop = (int) Math.min(end, (long) start + limits.lineBytes() - lineFilled + 1);
    while (newline < stop && from[newline] != '\n') {
      newline++;
    }
    if (newline == stop) {
      if (stop < end || lineFilled + (stop - start) > limits.lineBytes()) {
        throw lineTooLong(lineFilled > 0 ? line[0] : from[start]);
      }
      keepLine(from, start, end);
      return end;
    }
    if (lineFilled == 0) {
      understandLine(from, start, withoutReturn(from, start, newline));
    } else {
      keepLine(from, start, newline);
      int length = lineFilled;
      lineFilled = 0;
      understandLine(line, 0, withoutReturn(line, 0, length));
      line = EMPTY;
    }
    return newline + 1;
  }

  private static int withoutReturn(byte[] from, int start, int end) {
    return end > start && from[end - 1] == '\r' ? end - 1 : end;
  }

  private ProtocolException lineTooLong(byte first) {
    if (expect == Expect.LENGTH) {
      return new ProtocolException("too big bulk count string");
    }
    return new ProtocolException(
        first == '*' ? "too big mbulk count string" : "too big inline request");
  }

  private void keepLine(byte[] from, int start, int end) {
    int length = end - start;
    if (lineFilled + length > line.length) {
      line = Arrays.copyOf(line, Math.max(lineFilled + length, Math.max(64, 2 * line.length)));
    }
    System.arraycopy(from, start, line, lineFilled, length);
    lineFilled += length;
  }

  private void understandLine(byte[] from, int start, int end) throws ProtocolException {
    if (expect == Expect.LENGTH) {
      startBulk(from, start, end);
    } else if (end > start && from[start] == '*') {
      startArray(parseNumber(from, start + 1, end, "invalid multibulk length"));
    } else {
      byte[][] words = InlineCommand.split(from, start, end);
      if (words.length > 0) {
        complete = words;
      }
    }
  }

  private void startArray(long count) throws ProtocolException {
    if (count > limits.arguments()) {
      throw new ProtocolException("invalid multibulk length");
    }
    if (count > 0) {
      argumentsWanted = (int) count;
      arguments = new byte[Math.min(argumentsWanted, EAGER_ARGUMENTS)][];
      expect = Expect.LENGTH;
    }
  }

  private void startBulk(byte[] from, int start, int end) throws ProtocolException {
    if (end == start || from[start] != '$') {
      char found = end == start ? '\r' : (char) (from[start] & 0xFF);
      throw new ProtocolException("expected '$', got '" + found + "'");
    }
    long length = parseNumber(from, start + 1, end, "invalid bulk length");
    if (length < 0 || length > limits.bulkBytes()) {
      throw new ProtocolException("invalid bulk length");
    }
    requestBytes += length + ARGUMENT_OVERHEAD_BYTES;
    if (requestBytes > limits.requestBytes()) {
      throw new ProtocolException("request of more than " + limits.requestBytes() + " bytes");
    }
    bulkWanted = (int) length;
    bulkFilled = 0;
    bulk = length == 0 || discarding ? EMPTY : new byte[Math.min(bulkWanted, EAGER_BYTES)];
    expect = length == 0 ? Expect.BULK_END : Expect.BULK;
  }

  private int fillBulk(byte[] from, int start, int end) {
    int length = Math.min(end - start, bulkWanted - bulkFilled);
    if (!discarding) {
      keepBulk(from, start, length);
    }
    bulkFilled += length;
    if (bulkFilled == bulkWanted) {
      expect = Expect.BULK_END;
    }
    return start + length;
  }

  private void keepBulk(byte[] from, int start, int length) {
    if (bulkFilled + length > bulk.length) {
      long larger = Math.max(2L * bulk.length, bulkFilled + length);
      bulk = Arrays.copyOf(bulk, (int) Math.min(bulkWanted, larger));
    }
    System.arraycopy(from, start, bulk, bulkFilled, length);
  }

  private int endBulk(byte[] from, int at) throws ProtocolException {
    if (from[at] != (lineEndsSeen == 0 ? '\r' : '\n')) {
      throw new ProtocolException("no line end after an argument of " + bulkWanted + " bytes");
    }
    lineEndsSeen++;
    if (lineEndsSeen == 2) {
      lineEndsSeen = 0;
      addArgument();
    }
    return at + 1;
  }

  private void addArgument() {
    if (!discarding) {
      if (argumentCount == arguments.length) {
        int larger = (int) Math.min(argumentsWanted, 2L * arguments.length);
        arguments = Arrays.copyOf(arguments, larger);
      }
      arguments[argumentCount] = bulk;
    }
    argumentCount++;
    bulk = EMPTY;
    expect = Expect.LENGTH;
    if (argumentCount == argumentsWanted) {
      complete = arguments;
      arguments = new byte[0][];
      argumentCount = 0;
      requestBytes = 0;
      discarding = false;
      expect = Expect.REQUEST;
    }
  }

  /** A decimal number as Redis takes it: no sign but minus, no leading zeros, no spaces. */
  private static long parseNumber(byte[] from, int start, int end, String otherwise)
      throws ProtocolException {
    boolean negative = end > start && from[start] == '-';
    int at = negative ? start + 1 : start;
    int digits = end - at;
    boolean zeroFirst = digits > 0 && from[at] == '0';
    if (digits < 1 || digits >= LONGEST_NUMBER || (zeroFirst && (digits > 1 || negative))) {
      throw new ProtocolException(otherwise);
    }
    long number = 0;
    while (at < end) {
      int digit = from[at++] - '0';
      if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
        throw new ProtocolException(otherwise);
      }
      number = number * 10 + digit;
    }
    return negative ? -number : number;
  }
}
