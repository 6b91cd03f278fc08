package io.distkv.contract;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts operations into the words of the commands that tell versions. */
final class RespWords {
  private RespWords() {}

  static List<ByteString> words(Operation operation) {
    return switch (operation) {
      case Operation.Get get -> {
        List<ByteString> words = command("KV.GET", get.key());
        if (get.asOf() != null) {
          words.addAll(RespConnection.words("ASOF", Long.toString(get.asOf())));
        }
        yield words;
      }
      case Operation.Put put -> {
        List<ByteString> words = command("KV.PUT", put.key());
        words.add(put.value());
        words.addAll(condition(put.condition()));
        words.addAll(
            switch (put.life().term()) {
              case FOR_EVER -> List.of();
              case TTL -> RespConnection.words("TTL", Long.toString(put.life().millis()));
              case UNTIL -> RespConnection.words("EXPIREAT", Long.toString(put.life().millis()));
              case KEEP -> RespConnection.words("KEEPTTL");
            });
        words.addAll(previous(put.returnPrevious()));
        yield words;
      }
      case Operation.Delete delete -> {
        List<ByteString> words = command("KV.DELETE", delete.key());
        words.addAll(condition(delete.condition()));
        words.addAll(previous(delete.returnPrevious()));
        yield words;
      }
      case Operation.Increment increment -> {
        List<ByteString> words = command("KV.INCR", increment.key());
        words.addAll(RespConnection.words(Long.toString(increment.by())));
        if (increment.initial() != 0) {
          words.addAll(RespConnection.words("INITIAL", Long.toString(increment.initial())));
        }
        if (increment.ttlMillis() != null) {
          words.addAll(RespConnection.words("TTL", Long.toString(increment.ttlMillis())));
        }
        yield words;
      }
      case Operation.Batch batch -> batch.onlyReads() ? reads(batch) : batch(batch);
      default -> throw new IllegalArgumentException(operation.toString());
    };
  }

  private static List<ByteString> command(String name, ByteString key) {
    List<ByteString> words = new ArrayList<>(RespConnection.words(name));
    words.add(key);
    return words;
  }

  private static List<ByteString> condition(Operation.Condition condition) {
    return switch (condition.kind()) {
      case NONE -> List.of();
      case ABSENT -> RespConnection.words("IFABSENT");
      case PRESENT -> RespConnection.words("IFPRESENT");
      case VERSION -> RespConnection.words("IFVERSION", Long.toString(condition.version()));
    };
  }

  private static List<ByteString> previous(boolean wanted) {
    return wanted ? RespConnection.words("PREVIOUS") : List.of();
  }

  /** Reads without conditions may be of several partitions, with the command that only reads. */
  private static List<ByteString> reads(Operation.Batch batch) {
    List<ByteString> words = new ArrayList<>(RespConnection.words("KV.MGET"));
    batch.operations().forEach(each -> words.add(each.key()));
    return words;
  }

  private static List<ByteString> batch(Operation.Batch batch) {
    List<ByteString> words = new ArrayList<>(RespConnection.words("KV.BATCH"));
    for (Operation.Single each : batch.operations()) {
      switch (each) {
        case Operation.Get get ->
            add(words, "GET", get.key(), ByteString.EMPTY, word(get.condition()), "-");
        case Operation.Put put ->
            add(words, "PUT", put.key(), put.value(), word(put.condition()), word(put.life()));
        case Operation.Delete delete ->
            add(words, "DELETE", delete.key(), ByteString.EMPTY, word(delete.condition()), "-");
        case Operation.Increment increment ->
            add(
                words,
                "INCR",
                increment.key(),
                ByteString.copyFromUtf8(Long.toString(increment.by())),
                "-",
                increment.ttlMillis() == null ? "-" : increment.ttlMillis().toString());
      }
    }
    return words;
  }

  private static void add(
      List<ByteString> words,
      String what,
      ByteString key,
      ByteString value,
      String condition,
      String life) {
    words.addAll(RespConnection.words(what));
    words.add(key);
    words.add(value);
    words.addAll(RespConnection.words(condition, life));
  }

  private static String word(Operation.Condition condition) {
    return switch (condition.kind()) {
      case NONE -> "-";
      case ABSENT, PRESENT -> condition.kind().name();
      case VERSION -> Long.toString(condition.version());
    };
  }

  private static String word(Operation.Life life) {
    return switch (life.term()) {
      case FOR_EVER -> "-";
      case TTL -> Long.toString(life.millis());
      case KEEP -> "KEEP";
      case UNTIL -> throw new IllegalArgumentException("no batch has an end of a life");
    };
  }

  static List<ByteString> scan(
      Operation.Scan scan, @Nullable ByteString from, @Nullable ByteString to, long limit) {
    List<ByteString> words = new ArrayList<>(RespConnection.words("KV.SCAN"));
    addBound(words, "FROM", from);
    addBound(words, "TO", to);
    addBound(words, "PREFIX", scan.prefix());
    if (scan.reverse()) {
      words.addAll(RespConnection.words("REVERSE"));
    }
    words.addAll(RespConnection.words("LIMIT", Long.toString(limit)));
    if (scan.keysOnly()) {
      words.addAll(RespConnection.words("KEYSONLY"));
    }
    if (scan.asOf() != null) {
      words.addAll(RespConnection.words("ASOF", Long.toString(scan.asOf())));
    }
    return words;
  }

  private static void addBound(List<ByteString> words, String name, @Nullable ByteString bound) {
    if (bound != null) {
      words.addAll(RespConnection.words(name));
      words.add(bound);
    }
  }

  static List<ByteString> ofKeyspaces(Operation.OfKeyspaces operation) {
    List<ByteString> words = new ArrayList<>(RespConnection.words("KEYSPACE"));
    switch (operation) {
      case Operation.CreateKeyspace create -> {
        words.addAll(RespConnection.words("CREATE", create.name()));
        if (create.partitions() != null) {
          words.addAll(RespConnection.words("PARTITIONS", create.partitions().toString()));
        }
        words.addAll(settings(create.settings()));
      }
      case Operation.AlterKeyspace alter -> {
        words.addAll(RespConnection.words("ALTER", alter.name()));
        words.addAll(settings(alter.settings()));
      }
      case Operation.DropKeyspace drop ->
          words.addAll(RespConnection.words("DROP", drop.name(), drop.nameAgain()));
      case Operation.DescribeKeyspace describe ->
          words.addAll(RespConnection.words("DESCRIBE", describe.name()));
      case Operation.FindKeyspace _ -> words.addAll(RespConnection.words("LIST"));
    }
    return words;
  }

  private static List<ByteString> settings(Map<String, String> settings) {
    List<ByteString> words = new ArrayList<>();
    settings.forEach((name, value) ->
        words.addAll(RespConnection.words(name.replace("-", "").toUpperCase(Locale.ROOT), value)));
    return words;
  }
}
