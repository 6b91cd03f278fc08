package io.distkv.server.call;

import io.distkv.node.command.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The fields of a reply that is a map, by their names. */
public final class ReplyFields {
  private final Map<String, Reply> fields = new TreeMap<>();

  private ReplyFields() {}

  /** Those of a map. */
  public static ReplyFields of(Reply reply) {
    ReplyFields all = new ReplyFields();
    List<Reply> flat = ((Reply.Pairs) reply).flat();
    for (int i = 0; i < flat.size(); i += 2) {
      all.fields.put(text(flat.get(i)), flat.get(i + 1));
    }
    return all;
  }

  /** The text that a reply is in UTF-8. */
  public static String text(Reply reply) {
    Reply.Bulk bulk = (Reply.Bulk) reply;
    return new String(bulk.array(), bulk.offset(), bulk.length(), StandardCharsets.UTF_8);
  }

  private Reply field(String name) {
    Reply reply = fields.get(name);
    if (reply == null) {
      throw new IllegalStateException("a reply is without its field " + name);
    }
    return reply;
  }

  public String text(String name) {
    return text(field(name));
  }

  public long number(String name) {
    return ((Reply.Int) field(name)).value();
  }

  public List<Reply> list(String name) {
    return ((Reply.Array) field(name)).elements();
  }
}
