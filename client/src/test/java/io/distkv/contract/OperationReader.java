package io.distkv.contract;

import com.google.protobuf.ByteString;
import io.distkv.contract.Operation.Condition;
import io.distkv.contract.Operation.Life;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads what a line of a scenario asks for. */
final class OperationReader {
  private final ToLongFunction<String> versions;
  private final UnaryOperator<String> names;

  /**
   * @param versions gives the version that a name or number says
   * @param names gives the name of the keyspace that a scenario calls by a word without quotes
   */
  OperationReader(ToLongFunction<String> versions, UnaryOperator<String> names) {
    this.versions = versions;
    this.names = names;
  }

  /** An operation in a keyspace; the name is empty for the scenario's own one. */
  record Asked(String keyspace, Operation operation) {}

  Asked read(Step step) {
    Words words = new Words(step.line().asked());
    String keyspace = words.take("in") ? name(words) : "";
    if (words.take("batch")) {
      return new Asked(keyspace, batch(words, step.within()));
    }
    if (words.take("keyspace")) {
      return new Asked(keyspace, ofKeyspaces(words));
    }
    if (words.take("scan")) {
      return new Asked(keyspace, end(words, scan(words)));
    }
    return new Asked(
        keyspace, words.take("watch") ? end(words, watch(words)) : end(words, single(words)));
  }

  private String name(Words words) {
    String word = words.next();
    return Literal.isQuoted(word) ? Literal.parse(word).toStringUtf8() : names.apply(word);
  }

  private static <T extends Operation> T end(Words words, T operation) {
    if (words.hasNext()) {
      words.next();
      throw words.unknown();
    }
    return operation;
  }

  private Operation.Batch batch(Words words, List<Line> within) {
    int times = words.take("times") ? (int) words.number() : 1;
    List<Operation.Single> operations = new ArrayList<>();
    for (Line line : within) {
      Words each = new Words(line.asked());
      operations.addAll(Collections.nCopies(times, end(each, single(each))));
    }
    return end(words, new Operation.Batch(operations));
  }

  private Operation.Single single(Words words) {
    return switch (words.next()) {
      case "get" -> get(words);
      case "put" -> put(words);
      case "delete" -> delete(words);
      case "increment" -> increment(words);
      default -> throw words.unknown();
    };
  }

  private Operation.Get get(Words words) {
    var key = words.literal();
    Condition condition = condition(words);
    return new Operation.Get(key, condition, asOf(words));
  }

  private @Nullable Long asOf(Words words) {
    return words.take("as-of") ? versions.applyAsLong(words.next()) : null;
  }

  private Operation.Put put(Words words) {
    return new Operation.Put(
        words.literal(),
        words.literal(),
        condition(words),
        life(words),
        words.take("return-previous"));
  }

  private Operation.Delete delete(Words words) {
    return new Operation.Delete(words.literal(), condition(words), words.take("return-previous"));
  }

  private static Operation.Increment increment(Words words) {
    return new Operation.Increment(
        words.literal(),
        words.number(),
        words.take("initial") ? words.number() : 0,
        words.take("ttl") ? words.millis() : null);
  }

  private Condition condition(Words words) {
    if (words.take("if-absent")) {
      return Condition.ABSENT;
    }
    if (words.take("if-present")) {
      return Condition.PRESENT;
    }
    return words.take("if-version")
        ? new Condition(Condition.Kind.VERSION, versions.applyAsLong(words.next()))
        : Condition.NONE;
  }

  private static Life life(Words words) {
    if (words.take("keep-ttl")) {
      return Life.KEEP;
    }
    if (words.take("expire-at")) {
      return new Life(Life.Term.UNTIL, words.number());
    }
    return words.take("ttl") ? new Life(Life.Term.TTL, words.millis()) : Life.FOR_EVER;
  }

  private Operation.Scan scan(Words words) {
    return new Operation.Scan(
        words.take("prefix") ? words.literal() : null,
        words.take("from") ? words.literal() : null,
        words.take("to") ? words.literal() : null,
        words.take("reverse"),
        words.take("limit") ? words.number() : null,
        words.take("pages-of") ? words.number() : null,
        words.take("keys-only"),
        asOf(words));
  }

  private Operation.Watch watch(Words words) {
    ByteString key = words.take("key") ? words.literal() : null;
    ByteString prefix = words.take("prefix") ? words.literal() : null;
    words.require("after");
    long after = versions.applyAsLong(words.next());
    words.require("until");
    return new Operation.Watch(key, prefix, after, versions.applyAsLong(words.next()));
  }

  private Operation.OfKeyspaces ofKeyspaces(Words words) {
    return switch (words.next()) {
      case "create" -> {
        String name = name(words);
        Integer partitions = words.take("partitions") ? (int) words.number() : null;
        yield new Operation.CreateKeyspace(name, partitions, settings(words));
      }
      case "alter" -> new Operation.AlterKeyspace(name(words), settings(words));
      case "drop" -> new Operation.DropKeyspace(name(words), name(words));
      case "describe" -> new Operation.DescribeKeyspace(name(words));
      case "find" -> new Operation.FindKeyspace(name(words));
      default -> throw words.unknown();
    };
  }

  private static Map<String, String> settings(Words words) {
    Map<String, String> settings = new TreeMap<>();
    while (words.hasNext()) {
      settings.put(words.next(), words.next());
    }
    return settings;
  }
}
