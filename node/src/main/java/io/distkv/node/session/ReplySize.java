package io.distkv.node.session;

import io.distkv.node.command.Reply;
import io.distkv.node.command.Reply.Array;
import io.distkv.node.command.Reply.Bulk;
import io.distkv.node.command.Reply.Members;
import io.distkv.node.command.Reply.Pairs;
import io.distkv.node.command.Reply.Push;
import java.util.List;

/** How large a reply is. */
final class ReplySize {
  private ReplySize() {}

  /** Bytes of the values in a reply, without what a protocol puts around them. */
  static long of(Reply reply) {
    return switch (reply) {
      case Bulk(_, _, int length) -> length;
      case Array(List<Reply> elements) -> of(elements);
      case Pairs(List<Reply> flat) -> of(flat);
      case Members(List<Reply> elements) -> of(elements);
      case Push(List<Reply> elements) -> of(elements);
      default -> 0; // numbers and short texts
    };
  }

  private static long of(List<Reply> elements) {
    long bytes = 0;
    for (Reply element : elements) {
      bytes += of(element);
    }
    return bytes;
  }
}
