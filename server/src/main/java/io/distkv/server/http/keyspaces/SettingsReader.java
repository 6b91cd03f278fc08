package io.distkv.server.http.keyspaces;

import io.distkv.server.call.Words;
import io.distkv.server.http.keys.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the settings of a keyspace as JSON says them, and puts them as KEYSPACE takes them. */
final class SettingsReader {
  /** More than there are levels; how many there may be is for the command to say. */
  private static final int MOST_COMPRESSIONS = 100;

  /** Options and their values in turn. */
  private final List<byte[]> words = new ArrayList<>();

  boolean isEmpty() {
    return words.isEmpty();
  }

  /** Reads the object that stands here. */
  void read(JsonReader in) {
    in.object(name -> take(in, name));
  }

  private void take(JsonReader in, String name) {
    switch (name) {
      case "durability" -> add("DURABILITY", in.text());
      case "intervalMillis" -> add("INTERVAL", Long.toString(in.integer()));
      case "historyMillis" -> add("HISTORY", Long.toString(in.integer()));
      case "compression" -> add("COMPRESSION", compression(in));
      case "maxBytes" -> add("MAXBYTES", Long.toString(in.integer()));
      default ->
          throw in.unknown(
              "durability", "intervalMillis", "historyMillis", "compression", "maxBytes");
    }
  }

  private static String compression(JsonReader in) {
    List<String> levels = new ArrayList<>();
    in.list(() -> {
      if (levels.size() == MOST_COMPRESSIONS) {
        throw in.tooMany(MOST_COMPRESSIONS);
      }
      levels.add(in.text());
    });
    return String.join(",", levels);
  }

  private void add(String option, String value) {
    words.add(Words.ascii(option));
    words.add(value.getBytes(StandardCharsets.UTF_8));
  }

  void addTo(Words command) {
    words.forEach(command::add);
  }
}
