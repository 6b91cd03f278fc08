package io.distkv.simulation.hunt;

import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.Durability;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.simulation.world.Violation;
import io.distkv.storage.table.Compression;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What KEYSPACE is told and tells of a keyspace. */
final class Descriptions {
  private Descriptions() {}

  /** What KEYSPACE DESCRIBE has answered. */
  static KeyspaceOptions options(Reply description) {
    long interval = number(description, "interval");
    Durability.Mode mode =
        Durability.Mode.valueOf(text(description, "durability").toUpperCase(Locale.ROOT));
    return new KeyspaceOptions(
        (int) number(description, "number"),
        text(description, "name"),
        (int) number(description, "partitions"),
        new Durability(mode, interval),
        number(description, "history"),
        Arrays.stream(text(description, "compression").split(",", -1))
            .map(name -> Compression.valueOf(name.toUpperCase(Locale.ROOT)))
            .toList(),
        number(description, "maxBytes"));
  }

  /** The words that ask for all that may be altered. */
  static List<Object> words(KeyspaceOptions options) {
    List<Object> words = new ArrayList<>();
    words.addAll(List.of("DURABILITY", options.durability().mode().name()));
    if (options.durability().mode() == Durability.Mode.INTERVAL) {
      words.addAll(List.of("INTERVAL", options.durability().intervalMillis()));
    }
    words.addAll(List.of("HISTORY", options.historyMillis()));
    String compression =
        options.compression().stream()
            .map(each -> each.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(","));
    words.addAll(List.of("COMPRESSION", compression, "MAXBYTES", options.maxBytes()));
    return words;
  }

  private static String text(Reply description, String key) {
    if (value(description, key) instanceof Reply.Bulk bulk) {
      return new String(Replies.bytes(bulk), StandardCharsets.ISO_8859_1);
    }
    throw unclear(description);
  }

  private static long number(Reply description, String key) {
    if (value(description, key) instanceof Reply.Int(long number)) {
      return number;
    }
    throw unclear(description);
  }

  private static Reply value(Reply description, String key) {
    if (description instanceof Reply.Pairs(List<Reply> flat)) {
      for (int i = 0; i < flat.size(); i += 2) {
        if (flat.get(i) instanceof Reply.Bulk name
            && Arrays.equals(Replies.bytes(name), Replies.bytes(key))) {
          return flat.get(i + 1);
        }
      }
    }
    throw unclear(description);
  }

  private static Violation unclear(Reply description) {
    return new Violation("a keyspace was described by " + Replies.text(description));
  }
}
