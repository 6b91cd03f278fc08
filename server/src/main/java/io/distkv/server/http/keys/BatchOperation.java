package io.distkv.server.http.keys;

import io.distkv.server.call.Words;
import io.distkv.server.http.exchange.ProblemException;
import org.jspecify.annotations.Nullable;

/** One operation of a batch, as JSON says it and as a command needs it. */
final class BatchOperation {
  private static final byte[] NOTHING = Words.ascii("-");
  private static final byte[] NO_VALUE = {};

  /** What is done. */
  enum Kind {
    GET,
    PUT,
    DELETE,
    INCREMENT
  }

  private @Nullable Kind kind;
  private byte @Nullable [] key;
  private byte @Nullable [] value;
  private @Nullable String condition;
  private @Nullable Long by;
  private @Nullable String life;

  private BatchOperation() {}

  /** Reads the operation that stands here. */
  static BatchOperation read(JsonReader in) {
    BatchOperation operation = new BatchOperation();
    in.object(name -> operation.take(in, name));
    operation.check(in);
    return operation;
  }

  private void take(JsonReader in, String name) {
    switch (name) {
      case "op" -> kind = kind(in);
      case "key" -> key = once(in, key, in.utf8());
      case "keyBase64" -> key = once(in, key, in.base64());
      case "value" -> value = once(in, value, in.utf8());
      case "valueBase64" -> value = once(in, value, in.base64());
      case "by" -> by = in.integer();
      case "ttl" -> life = once(in, life, Long.toString(in.life()));
      case "keepTtl" -> life = in.onlyTrue() ? once(in, life, "KEEP") : life;
      case "ifVersion" -> condition = once(in, condition, in.version());
      case "ifAbsent" -> condition = in.onlyTrue() ? once(in, condition, "ABSENT") : condition;
      case "ifPresent" -> condition = in.onlyTrue() ? once(in, condition, "PRESENT") : condition;
      default ->
          throw in.unknown(
              "op",
              "key",
              "keyBase64",
              "value",
              "valueBase64",
              "by",
              "ttl",
              "keepTtl",
              "ifVersion",
              "ifAbsent",
              "ifPresent");
    }
  }

  private static Kind kind(JsonReader in) {
    return switch (in.text()) {
      case "get" -> Kind.GET;
      case "put" -> Kind.PUT;
      case "delete" -> Kind.DELETE;
      case "increment" -> Kind.INCREMENT;
      default -> throw in.wrong("is get, put, delete or increment");
    };
  }

  private static <T> T once(JsonReader in, @Nullable T before, T now) {
    if (before != null) {
      throw in.wrong("contradicts a field before it");
    }
    return now;
  }

  private void check(JsonReader in) {
    if (kind == null) {
      throw in.wrong("has no op");
    }
    if (key == null) {
      throw in.wrong("has no key");
    }
    boolean put = kind == Kind.PUT;
    requireAbsent(in, put, value, "value");
    requireAbsent(in, kind == Kind.INCREMENT, by, "by");
    requireAbsent(in, put || kind == Kind.INCREMENT, life, "ttl");
    requireAbsent(in, kind != Kind.INCREMENT, condition, "condition");
    if (put && value == null) {
      throw in.wrong("has no value");
    }
    if (kind == Kind.INCREMENT && "KEEP".equals(life)) {
      throw in.wrong("has keepTtl, which an increment does anyway");
    }
    if (kind == Kind.DELETE && "ABSENT".equals(condition)) {
      throw in.wrong("removes a key on the condition that it is absent");
    }
  }

  private void requireAbsent(JsonReader in, boolean allowed, @Nullable Object field, String name) {
    if (!allowed && field != null) {
      throw in.wrong("has a " + name + ", which such an operation has not");
    }
  }

  Kind kind() {
    if (kind == null) {
      throw new IllegalStateException("not checked");
    }
    return kind;
  }

  byte[] key() {
    if (key == null) {
      throw new IllegalStateException("not checked");
    }
    return key;
  }

  /** Whether it only reads, whatever the key has. */
  boolean isPlainRead() {
    return kind == Kind.GET && condition == null;
  }

  /** Adds the words that a batch has for it. */
  void addTo(Words words) {
    words.add(kind() == Kind.INCREMENT ? "INCR" : kind().name()).add(key());
    switch (kind()) {
      case PUT -> words.add(value == null ? NO_VALUE : value);
      case INCREMENT -> words.add(Long.toString(by == null ? 1 : by));
      case GET, DELETE -> words.add(NO_VALUE);
    }
    words.add(condition == null ? NOTHING : Words.ascii(condition));
    words.add(life == null ? NOTHING : Words.ascii(life));
  }

  /** What to throw for a batch of none. */
  static ProblemException none() {
    return ProblemException.invalid("operations has at least one");
  }
}
