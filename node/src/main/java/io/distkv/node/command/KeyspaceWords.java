package io.distkv.node.command;

import io.distkv.node.keyspace.Durability;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.keyspace.KeyspaceWish;
import io.distkv.storage.table.Compression;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The options of KEYSPACE CREATE and ALTER: each a name and a value, in any order, each once. */
final class KeyspaceWords {
  private static final int MOST_PARTITIONS = KeyspaceOptions.MAX_PARTITIONS;
  private static final long MOST_INTERVAL_MILLIS = 60_000;
  private static final long MOST_HISTORY_MILLIS = 36_500L * 86_400_000L;
  private static final long MOST_BYTES = 1L << 50;
  private static final int MOST_COMPRESSIONS = 7;
  private static final int FIRST_OPTION = 3;

  private final Arguments args;
  private @Nullable Integer number;
  private @Nullable Integer partitions;
  private Durability.@Nullable Mode mode;
  private @Nullable Long intervalMillis;
  private @Nullable Long historyMillis;
  private @Nullable List<Compression> compression;
  private @Nullable Long maxBytes;

  private KeyspaceWords(Arguments args) {
    this.args = args;
  }

  /**
   * Reads the words behind the name.
   *
   * @param creates whether what can only be said of a new keyspace may be
   */
  static KeyspaceWords parse(Arguments args, boolean creates) {
    KeyspaceWords words = new KeyspaceWords(args);
    Set<String> seen = new TreeSet<>();
    for (int i = FIRST_OPTION; i < args.size(); i += 2) {
      String option = args.text(i).toUpperCase(Locale.ROOT);
      if (i + 1 == args.size() || !words.take(option, i + 1, creates)) {
        throw new CommandException(Errors.SYNTAX);
      }
      if (!seen.add(option)) {
        throw CommandException.invalid(option + " is given twice");
      }
    }
    return words;
  }

  private boolean take(String option, int at, boolean creates) {
    switch (option) {
      case "NUMBER", "PARTITIONS", "NAME" -> {
        if (!creates) {
          throw CommandException.invalid(
              "name, number and partitions of a keyspace are fixed when it is created");
        }
        return takeFixed(option, at);
      }
      case "DURABILITY" -> mode = mode(at);
      case "INTERVAL" -> intervalMillis = within(option, at, 1, MOST_INTERVAL_MILLIS);
      case "HISTORY" -> historyMillis = within(option, at, 0, MOST_HISTORY_MILLIS);
      case "COMPRESSION" -> compression = compression(at);
      case "MAXBYTES" -> maxBytes = within(option, at, 0, MOST_BYTES);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean takeFixed(String option, int at) {
    if (option.equals("NUMBER")) {
      number = (int) within(option, at, 0, KeyspaceOptions.MAX_NUMBER);
    } else if (option.equals("PARTITIONS")) {
      partitions = (int) within(option, at, 1, MOST_PARTITIONS);
    } else {
      return false;
    }
    return true;
  }

  private long within(String option, int at, long least, long most) {
    long value = args.integer(at);
    if (value < least || value > most) {
      throw CommandException.invalid(
          option + " must be " + least + " to " + most + ", not " + value);
    }
    return value;
  }

  private Durability.Mode mode(int at) {
    for (Durability.Mode each : Durability.Mode.values()) {
      if (args.is(at, each.name())) {
        return each;
      }
    }
    throw CommandException.invalid("DURABILITY must be commit, interval or none");
  }

  private List<Compression> compression(int at) {
    List<Compression> levels = new ArrayList<>();
    for (String name : args.text(at).split(",", -1)) {
      Compression found = null;
      for (Compression each : Compression.values()) {
        found = each.name().equalsIgnoreCase(name) ? each : found;
      }
      if (found == null || levels.size() == MOST_COMPRESSIONS) {
        throw CommandException.invalid(
            "COMPRESSION must be one to seven of none, lz4, snappy and zstd, separated by commas");
      }
      levels.add(found);
    }
    return levels;
  }

  KeyspaceWish wish() {
    return new KeyspaceWish(
        number, partitions, mode, intervalMillis, historyMillis, compression, maxBytes);
  }

  /** Refuses what no new keyspace can be. */
  void check(String name) {
    try {
      wish().created(0, name);
    } catch (IllegalArgumentException e) {
      throw CommandException.invalid(String.valueOf(e.getMessage()));
    }
  }
}
