package io.distkv.node.replica;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.ErrorCode;
import io.distkv.base.MalformedBytesException;
import io.distkv.node.command.Reply;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a write in bytes, as a client session keeps it: kind (1), then of a text its
 * characters (blob, a byte each), of a failure its code (1) and line (blob), of an integer, decimal
 * or real its 8 bytes, of bytes a blob, of a list of any kind the number of elements (varint) and
 * each of them; of the rest nothing.
 *
 * <p>What no write answers has no form: texts for people, and messages that answer nothing.
 */
final class ReplyFormat {
  private static final int SIMPLE = 1;
  private static final int FAILURE = 2;
  private static final int INT = 3;
  private static final int BULK = 4;
  private static final int NULL = 5;
  private static final int NULL_ARRAY = 6;
  private static final int ARRAY = 7;
  private static final int PAIRS = 8;
  private static final int MEMBERS = 9;
  private static final int REAL = 10;
  private static final int FALSE = 11;
  private static final int TRUE = 12;
  private static final int DECIMAL = 13;

  /** Lists within lists; a transaction's answer has two or three. */
  private static final int MOST_DEPTH = 16;

  private ReplyFormat() {}

  /**
   * A reply's bytes; null if they would be more than {@code mostBytes}, or if it has no form.
   *
   * @param mostBytes small enough for an array
   */
  static byte @Nullable [] encode(Reply reply, int mostBytes) {
    long size = sizeBytes(reply, 0);
    if (size > mostBytes) {
      return null;
    }
    ByteWriter writer = new ByteWriter((int) size);
    encode(writer, reply);
    return writer.takeByteArray();
  }

  /** More than any array has where there is no form. */
  private static long sizeBytes(Reply reply, int depth) {
    return switch (reply) {
      case Reply.Simple(String text) -> 1 + ByteWriter.blobBytes(text.length());
      case Reply.Failure(_, String line) -> 2 + ByteWriter.blobBytes(line.length());
      case Reply.Int _, Reply.Decimal _, Reply.Real _ -> 1 + Long.BYTES;
      case Reply.Bulk(_, _, int length) -> 1 + ByteWriter.blobBytes(length);
      case Reply.Null _, Reply.NullArray _, Reply.Bool _ -> 1;
      case Reply.Array(List<Reply> elements) -> sizeBytes(elements, depth);
      case Reply.Pairs(List<Reply> flat) -> sizeBytes(flat, depth);
      case Reply.Members(List<Reply> elements) -> sizeBytes(elements, depth);
      case Reply.Verbatim _, Reply.Push _ -> Integer.MAX_VALUE;
    };
  }

  private static long sizeBytes(List<Reply> elements, int depth) {
    if (depth == MOST_DEPTH) {
      return Integer.MAX_VALUE;
    }
    long size = 1L + ByteWriter.varintBytes(elements.size());
    for (Reply element : elements) {
      size += sizeBytes(element, depth + 1);
    }
    return size;
  }

  private static void encode(ByteWriter writer, Reply reply) {
    switch (reply) {
      case Reply.Simple(String text) -> writer.putByte(SIMPLE).putBlob(text.getBytes(ISO_8859_1));
      case Reply.Failure(ErrorCode code, String line) ->
          writer.putByte(FAILURE).putByte(number(code)).putBlob(line.getBytes(ISO_8859_1));
      case Reply.Int(long value) -> writer.putByte(INT).putLong(value);
      case Reply.Decimal(long value) -> writer.putByte(DECIMAL).putLong(value);
      case Reply.Bulk(byte[] array, int offset, int length) ->
          writer.putByte(BULK).putBlob(array, offset, length);
      case Reply.Null _ -> writer.putByte(NULL);
      case Reply.NullArray _ -> writer.putByte(NULL_ARRAY);
      case Reply.Array(List<Reply> elements) -> encode(writer, ARRAY, elements);
      case Reply.Pairs(List<Reply> flat) -> encode(writer, PAIRS, flat);
      case Reply.Members(List<Reply> elements) -> encode(writer, MEMBERS, elements);
      case Reply.Real(double value) -> writer.putByte(REAL).putLong(Double.doubleToLongBits(value));
      case Reply.Bool(boolean value) -> writer.putByte(value ? TRUE : FALSE);
      case Reply.Verbatim _, Reply.Push _ ->
          throw new IllegalArgumentException("no form: " + reply);
    }
  }

  private static void encode(ByteWriter writer, int kind, List<Reply> elements) {
    writer.putByte(kind).putVarInt(elements.size());
    elements.forEach(element -> encode(writer, element));
  }

  /**
   * The reply that was encoded.
   *
   * @throws MalformedBytesException if these bytes are none
   */
  static Reply decode(byte[] bytes) {
    ByteReader reader = new ByteReader(bytes);
    Reply reply = decode(reader, 0);
    if (reader.remaining() > 0) {
      throw new MalformedBytesException(reader.remaining() + " bytes behind a reply");
    }
    return reply;
  }

  private static Reply decode(ByteReader reader, int depth) {
    int kind = reader.getByte();
    return switch (kind) {
      case SIMPLE -> new Reply.Simple(text(reader));
      case FAILURE -> new Reply.Failure(code(reader.getByte()), text(reader));
      case INT -> Reply.of(reader.getLong());
      case BULK -> Reply.bulk(reader.getBlob());
      case NULL -> Reply.NULL;
      case NULL_ARRAY -> Reply.NULL_ARRAY;
      case ARRAY -> new Reply.Array(elements(reader, depth));
      case PAIRS -> new Reply.Pairs(elements(reader, depth));
      case MEMBERS -> new Reply.Members(elements(reader, depth));
      case REAL -> new Reply.Real(Double.longBitsToDouble(reader.getLong()));
      case FALSE -> new Reply.Bool(false);
      case TRUE -> new Reply.Bool(true);
      case DECIMAL -> new Reply.Decimal(reader.getLong());
      default -> throw new MalformedBytesException("unknown kind of reply " + kind);
    };
  }

  private static String text(ByteReader reader) {
    return new String(reader.getBlob(), ISO_8859_1);
  }

  private static List<Reply> elements(ByteReader reader, int depth) {
    int count = reader.getVarInt();
    if (depth == MOST_DEPTH || count < 0 || count > reader.remaining()) {
      throw new MalformedBytesException("a list of " + count + " replies at depth " + depth);
    }
    List<Reply> elements = new ArrayList<>(count);
    for (int left = count; left > 0; left--) {
      elements.add(decode(reader, depth + 1));
    }
    return elements;
  }

  /** How files name a code; never changes. */
  private static int number(ErrorCode code) {
    return switch (code) {
      case INVALID_ARGUMENT -> 1;
      case NOT_FOUND -> 2;
      case VERSION_MISMATCH -> 3;
      case TOO_LARGE -> 4;
      case NO_QUORUM -> 5;
      case NOT_LEADER -> 6;
      case STALE_TOPOLOGY -> 7;
      case OVERLOADED -> 8;
      case TIMEOUT -> 9;
      case UNAUTHENTICATED -> 10;
      case PERMISSION_DENIED -> 11;
      case READ_ONLY -> 12;
      case DISK_FULL -> 13;
      case CORRUPTION -> 14;
      case INTERNAL -> 15;
      case HISTORY_GONE -> 16;
    };
  }

  private static ErrorCode code(int number) {
    return switch (number) {
      case 1 -> ErrorCode.INVALID_ARGUMENT;
      case 2 -> ErrorCode.NOT_FOUND;
      case 3 -> ErrorCode.VERSION_MISMATCH;
      case 4 -> ErrorCode.TOO_LARGE;
      case 5 -> ErrorCode.NO_QUORUM;
      case 6 -> ErrorCode.NOT_LEADER;
      case 7 -> ErrorCode.STALE_TOPOLOGY;
      case 8 -> ErrorCode.OVERLOADED;
      case 9 -> ErrorCode.TIMEOUT;
      case 10 -> ErrorCode.UNAUTHENTICATED;
      case 11 -> ErrorCode.PERMISSION_DENIED;
      case 12 -> ErrorCode.READ_ONLY;
      case 13 -> ErrorCode.DISK_FULL;
      case 14 -> ErrorCode.CORRUPTION;
      case 15 -> ErrorCode.INTERNAL;
      case 16 -> ErrorCode.HISTORY_GONE;
      default -> throw new MalformedBytesException("no error has the number " + number);
    };
  }
}
