package io.distkv.node.replica;

import io.distkv.base.Limits;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import java.util.ArrayList;
import java.util.List;

/**
 * The replies of a transaction. Together they are no larger than a batch may be: where they would
 * be, an error takes the place of each from there on, since ten thousand commands that each read
 * one large value would else fill the memory.
 */
public final class ReplyList {
  private final List<Reply> replies;
  private long bytes;

  /**
   * @param count how many there will be
   */
  public ReplyList(int count) {
    replies = new ArrayList<>(count);
  }

  public void add(Reply reply) {
    bytes += sizeBytes(reply);
    replies.add(bytes > Limits.MAX_BATCH_BYTES ? Errors.replyTooLarge() : reply);
  }

  /** All of them, in order. */
  public Reply reply() {
    return new Reply.Array(replies);
  }

  private static long sizeBytes(Reply reply) {
    return switch (reply) {
      case Reply.Bulk bulk -> bulk.length();
      case Reply.Array(List<Reply> elements) -> sizeBytes(elements);
      case Reply.Pairs(List<Reply> flat) -> sizeBytes(flat);
      default -> 0;
    };
  }

  private static long sizeBytes(List<Reply> elements) {
    long size = 0;
    for (Reply element : elements) {
      size += sizeBytes(element);
    }
    return size;
  }
}
