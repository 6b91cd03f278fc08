package io.distkv.server.http.keys;

import io.distkv.node.command.Reply;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parts of the replies that commands with versions give. */
final class Replies {
  private Replies() {}

  /**
   * What a key has.
   *
   * @param version in decimal
   * @param lifeLeftMillis -1 if it never ends
   */
  record Found(Reply.Bulk value, String version, long lifeLeftMillis) {}

  /** What a reply says that a key has; null if it has nothing. */
  static @Nullable Found found(Reply reply) {
    if (!(reply instanceof Reply.Array(List<Reply> parts))) {
      return null;
    }
    return new Found((Reply.Bulk) parts.get(0), version(parts.get(1)), number(parts.get(2)));
  }

  static List<Reply> parts(Reply reply) {
    return ((Reply.Array) reply).elements();
  }

  static ByteBuffer bytes(Reply reply) {
    Reply.Bulk bulk = (Reply.Bulk) reply;
    return ByteBuffer.wrap(bulk.array(), bulk.offset(), bulk.length());
  }

  /** A version in decimal. */
  static String version(Reply reply) {
    return Long.toString(((Reply.Decimal) reply).value());
  }

  static long number(Reply reply) {
    return ((Reply.Int) reply).value();
  }
}
