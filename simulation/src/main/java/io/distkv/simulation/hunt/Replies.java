package io.distkv.simulation.hunt;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/** Replies as text that two runs, or a node and its model, can be compared by. */
final class Replies {
  private static final int SHOWN_BYTES = 40;

  private Replies() {}

  static String text(Reply reply) {
    return switch (reply) {
      case Reply.Simple(String text) -> "+" + text;
      case Reply.Failure(ErrorCode code, String line) -> "-" + line + " (" + code + ")";
      case Reply.Int(long value) -> ":" + value;
      case Reply.Decimal(long value) -> "'" + value + "'";
      case Reply.Bulk(byte[] array, int offset, int length) ->
          text(Arrays.copyOfRange(array, offset, offset + length));
      case Reply.Null _ -> "null";
      case Reply.NullArray _ -> "null list";
      case Reply.Array(List<Reply> elements) -> texts(elements, "[", "]");
      case Reply.Pairs(List<Reply> flat) -> texts(flat, "{", "}");
      case Reply.Members(List<Reply> elements) -> texts(elements, "<", ">");
      case Reply.Real(double value) -> "," + value;
      case Reply.Bool(boolean value) -> "#" + value;
      case Reply.Verbatim(String format, String text) -> "=" + format + ":" + text;
      case Reply.Push(List<Reply> elements) -> texts(elements, ">[", "]");
    };
  }

  /** Bytes, whole if they are few, else the first of them with a checksum of all. */
  static String text(byte[] bytes) {
    if (bytes.length <= SHOWN_BYTES) {
      return "'" + printable(bytes, bytes.length) + "'";
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return "'%s...' (%d bytes, crc %08x)"
        .formatted(printable(bytes, SHOWN_BYTES), bytes.length, crc.getValue());
  }

  /** A command's words. */
  static String text(byte[][] words) {
    return Arrays.stream(words).map(Replies::text).collect(Collectors.joining(" "));
  }

  static byte[] bytes(Reply.Bulk bulk) {
    return Arrays.copyOfRange(bulk.array(), bulk.offset(), bulk.offset() + bulk.length());
  }

  /** Text as bytes, one of each character. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String texts(List<Reply> replies, String open, String close) {
    return replies.stream().map(Replies::text).collect(Collectors.joining(" ", open, close));
  }

  private static String printable(byte[] bytes, int length) {
    String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    StringBuilder printable = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x7F) {
        printable.append(c);
      } else {
        printable.append("\\x%02x".formatted((int) c));
      }
    }
    return printable.toString();
  }
}
