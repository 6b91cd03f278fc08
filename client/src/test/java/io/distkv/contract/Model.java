package io.distkv.contract;

import com.google.protobuf.ByteString;
import io.distkv.contract.Operation.Condition;
import io.distkv.contract.Operation.Life;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a keyspace should answer, as simply as it can be said: every key with all that it ever had.
 * Versions are 1, 2, 3 and so on, one for each write. The life left of a value is the whole of it.
 */
final class Model {
  private static final Comparator<ByteString> ORDER =
      ByteString.unsignedLexicographicalComparator();

  private final NavigableMap<ByteString, NavigableMap<Long, Kept>> history = new TreeMap<>(ORDER);
  private long lastVersion;

  /**
   * What a key had from a version on.
   *
   * @param value null if it was removed
   * @param lifeMillis {@link Answer#FOR_EVER} if it never ends
   */
  private record Kept(@Nullable ByteString value, long version, long lifeMillis) {}

  /** Ends an operation that is not done. */
  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String code) {
      super(code);
    }
  }

  /** The version of the last write. */
  long lastVersion() {
    return lastVersion;
  }

  Answer ask(Operation operation) {
    NavigableMap<ByteString, Kept> draft = new TreeMap<>(ORDER);
    try {
      Answer answer =
          switch (operation) {
            case Operation.Single single -> single(single, draft);
            case Operation.Batch batch -> {
              List<Answer> answers = new ArrayList<>();
              for (Operation.Single each : batch.operations()) {
                answers.add(single(each, draft));
              }
              yield new Answer.Results(answers);
            }
            case Operation.Scan scan -> scan(scan);
            case Operation.Watch _ ->
                throw new IllegalArgumentException("nobody watches the model");
            case Operation.OfKeyspaces _ ->
                throw new IllegalArgumentException("the model is one keyspace");
          };
      draft.forEach((key, kept) -> {
        history.computeIfAbsent(key, _ -> new TreeMap<>()).put(kept.version(), kept);
        lastVersion = kept.version();
      });
      return answer;
    } catch (RefusedException e) {
      return new Answer.Refused(String.valueOf(e.getMessage()), "");
    }
  }

  private Answer single(Operation.Single operation, NavigableMap<ByteString, Kept> draft)
      throws RefusedException {
    ByteString key = operation.key();
    Kept old =
        operation instanceof Operation.Get get && get.asOf() != null
            ? kept(key, get.asOf())
            : draft.containsKey(key) ? present(draft.get(key)) : kept(key, lastVersion);
    long version = lastVersion + 1;
    return switch (operation) {
      case Operation.Get get -> {
        check(get.condition(), old);
        yield old == null ? new Answer.Nothing() : found(old);
      }
      case Operation.Put put -> {
        check(put.condition(), old);
        draft.put(key, new Kept(put.value(), version, life(put.life(), old)));
        yield new Answer.Written(version, previous(put.returnPrevious(), old));
      }
      case Operation.Delete delete -> {
        check(delete.condition(), old);
        if (old == null) {
          yield new Answer.Nothing();
        }
        draft.put(key, new Kept(null, version, Answer.FOR_EVER));
        yield new Answer.Deleted(version, previous(delete.returnPrevious(), old));
      }
      case Operation.Increment increment -> {
        long sum = sum(old == null ? increment.initial() : number(old), increment.by());
        Long ttl = increment.ttlMillis();
        long life =
            old != null ? old.lifeMillis() : ttl == null ? Answer.FOR_EVER : ttl.longValue();
        draft.put(key, new Kept(ByteString.copyFromUtf8(Long.toString(sum)), version, life));
        yield new Answer.Sum(sum, version);
      }
    };
  }

  private @Nullable Kept kept(ByteString key, long version) {
    NavigableMap<Long, Kept> versions = history.get(key);
    var entry = versions == null ? null : versions.floorEntry(version);
    return entry == null ? null : present(entry.getValue());
  }

  private static @Nullable Kept present(@Nullable Kept kept) {
    return kept == null || kept.value() == null ? null : kept;
  }

  private static void check(Condition condition, @Nullable Kept old) throws RefusedException {
    boolean holds =
        switch (condition.kind()) {
          case NONE -> true;
          case ABSENT -> old == null;
          case PRESENT -> old != null;
          case VERSION -> old != null && old.version() == condition.version();
        };
    if (!holds) {
      throw new RefusedException("VERSION_MISMATCH");
    }
  }

  private static long life(Life life, @Nullable Kept old) {
    return switch (life.term()) {
      case FOR_EVER -> Answer.FOR_EVER;
      case TTL -> life.millis();
      case KEEP -> old == null ? Answer.FOR_EVER : old.lifeMillis();
      case UNTIL -> throw new IllegalArgumentException("the model has no clock");
    };
  }

  private static long number(Kept kept) throws RefusedException {
    String text = kept.value() == null ? "" : kept.value().toStringUtf8();
    if (!text.matches("0|-?[1-9][0-9]{0,18}")) {
      throw new RefusedException("INVALID_ARGUMENT");
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new RefusedException("INVALID_ARGUMENT");
    }
  }

  private static long sum(long number, long by) throws RefusedException {
    try {
      return Math.addExact(number, by);
    } catch (ArithmeticException e) {
      throw new RefusedException("INVALID_ARGUMENT");
    }
  }

  private static Answer.@Nullable Found previous(boolean wanted, @Nullable Kept old) {
    return wanted && old != null ? found(old) : null;
  }

  private static Answer.Found found(Kept kept) {
    ByteString value = kept.value();
    if (value == null) {
      throw new IllegalStateException("a removed value");
    }
    return new Answer.Found(value, kept.version(), kept.lifeMillis());
  }

  private Answer scan(Operation.Scan scan) {
    List<Answer.Entry> entries = new ArrayList<>();
    var keys = scan.reverse() ? history.descendingKeySet() : history.navigableKeySet();
    for (ByteString key : keys) {
      boolean within =
          (scan.prefix() == null || key.startsWith(scan.prefix()))
              && (scan.from() == null || ORDER.compare(key, scan.from()) >= 0)
              && (scan.to() == null || ORDER.compare(key, scan.to()) < 0);
      Kept kept = kept(key, scan.asOf() == null ? lastVersion : scan.asOf());
      if (within && kept != null && (scan.limit() == null || entries.size() < scan.limit())) {
        entries.add(
            new Answer.Entry(
                key, scan.keysOnly() ? null : kept.value(), kept.version(), kept.lifeMillis()));
      }
    }
    return new Answer.Listed(entries);
  }
}
