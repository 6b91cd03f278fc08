package io.distkv.contract;

import static io.distkv.contract.RespConnection.words;

import com.google.protobuf.ByteString;
import io.distkv.contract.Operation.Condition.Kind;
import io.distkv.contract.RespConnection.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RESP, version 2, with the commands that every Redis client knows. They tell no versions; a
 * condition that does not hold is a reply of null to them, which is VERSION_MISMATCH here.
 */
final class RedisDoor implements Door {
  private static final Answer MISMATCH =
      new Answer.Refused("VERSION_MISMATCH", "SET answered with null");

  private final RespConnection connection;
  private @Nullable String selected;

  RedisDoor(int port) throws IOException {
    connection = new RespConnection(port, 2);
  }

  @Override
  public String name() {
    return "redis";
  }

  @Override
  public Answer ask(String keyspace, Operation operation) throws IOException {
    if (operation instanceof Operation.OfKeyspaces) {
      return new Answer.NotOffered("keyspaces, but by KEYSPACE, which is ours");
    }
    if (!keyspace.equals(selected)) {
      if (connection.call(words("SELECT", keyspace)) instanceof Reply.Failure failure) {
        return RespErrors.refused(failure.line());
      }
      selected = keyspace;
    }
    return switch (operation) {
      case Operation.Get get -> get(get);
      case Operation.Put put -> put(put);
      case Operation.Delete delete -> delete(delete);
      case Operation.Increment increment -> increment(increment);
      case Operation.Batch batch -> batch(batch);
      case Operation.Scan scan -> scan(scan);
      case Operation.Watch _ -> new Answer.NotOffered("watches");
      case Operation.OfKeyspaces _ -> throw new IllegalStateException();
    };
  }

  private Answer get(Operation.Get get) throws IOException {
    if (get.asOf() != null) {
      return new Answer.NotOffered("reads as of a version");
    }
    Reply value = call("GET", get.key());
    if (!(value instanceof Reply.Bulk bulk)) {
      return absentOr(value);
    }
    return new Answer.Found(
        bulk.bytes(), Answer.UNTOLD_VERSION, RespAnswers.number(call("PTTL", get.key())));
  }

  private static Answer absentOr(Reply reply) {
    return reply instanceof Reply.Failure failure
        ? RespErrors.refused(failure.line())
        : new Answer.Nothing();
  }

  private Answer put(Operation.Put put) throws IOException {
    if (put.condition().kind() == Kind.VERSION) {
      return new Answer.NotOffered("conditions on versions");
    }
    List<ByteString> words = new ArrayList<>(words("SET"));
    words.add(put.key());
    words.add(put.value());
    words.addAll(
        switch (put.condition().kind()) {
          case ABSENT -> words("NX");
          case PRESENT -> words("XX");
          case NONE, VERSION -> List.of();
        });
    words.addAll(
        switch (put.life().term()) {
          case FOR_EVER -> List.of();
          case TTL -> words("PX", Long.toString(put.life().millis()));
          case UNTIL -> words("PXAT", Long.toString(put.life().millis()));
          case KEEP -> words("KEEPTTL");
        });
    if (put.returnPrevious()) {
      if (put.condition().kind() != Kind.NONE) {
        return new Answer.NotOffered("a previous value and a condition, whose nulls are the same");
      }
      words.addAll(words("GET"));
    }
    Reply reply = connection.call(words);
    return switch (reply) {
      case Reply.Failure failure -> RespErrors.refused(failure.line());
      case Reply.Bulk previous -> new Answer.Written(Answer.UNTOLD_VERSION, found(previous));
      case Reply.Null _ when !put.returnPrevious() -> MISMATCH;
      default -> new Answer.Written(Answer.UNTOLD_VERSION, null);
    };
  }

  private static Answer.Found found(Reply.Bulk value) {
    return new Answer.Found(value.bytes(), Answer.UNTOLD_VERSION, Answer.UNTOLD_LIFE);
  }

  private Answer delete(Operation.Delete delete) throws IOException {
    if (delete.condition().kind() != Kind.NONE) {
      return new Answer.NotOffered("conditions of removals");
    }
    if (delete.returnPrevious()) {
      Reply reply = call("GETDEL", delete.key());
      return reply instanceof Reply.Bulk bulk
          ? new Answer.Deleted(Answer.UNTOLD_VERSION, found(bulk))
          : absentOr(reply);
    }
    Reply reply = call("DEL", delete.key());
    return reply instanceof Reply.Int(long count) && count == 1
        ? new Answer.Deleted(Answer.UNTOLD_VERSION, null)
        : absentOr(reply);
  }

  private Answer increment(Operation.Increment increment) throws IOException {
    if (increment.initial() != 0 || increment.ttlMillis() != null) {
      return new Answer.NotOffered("increments with a first value or a life");
    }
    List<ByteString> words = new ArrayList<>(words("INCRBY"));
    words.add(increment.key());
    words.addAll(words(Long.toString(increment.by())));
    Reply reply = connection.call(words);
    return reply instanceof Reply.Failure failure
        ? RespErrors.refused(failure.line())
        : new Answer.Sum(RespAnswers.number(reply), Answer.UNTOLD_VERSION);
  }

  private Answer batch(Operation.Batch batch) throws IOException {
    if (!batch.onlyReads()) {
      return new Answer.NotOffered("batches that write, all or nothing");
    }
    List<ByteString> words = new ArrayList<>(words("MGET"));
    batch.operations().forEach(each -> words.add(each.key()));
    Reply reply = connection.call(words);
    if (reply instanceof Reply.Failure failure) {
      return RespErrors.refused(failure.line());
    }
    List<Answer> answers = new ArrayList<>();
    for (Reply each : ((Reply.Array) reply).elements()) {
      answers.add(each instanceof Reply.Bulk bulk ? found(bulk) : new Answer.Nothing());
    }
    return new Answer.Results(answers);
  }

  /** SCAN takes a pattern, in which some characters of a prefix would mean something. */
  private Answer scan(Operation.Scan scan) throws IOException {
    ByteString prefix = scan.prefix() == null ? ByteString.EMPTY : scan.prefix();
    if (scan.from() != null
        || scan.to() != null
        || scan.reverse()
        || scan.limit() != null
        || scan.asOf() != null
        || !prefix.toStringUtf8().matches("[a-z0-9/]*")) {
      return new Answer.NotOffered("listings of ranges, in order, of so many keys or of the past");
    }
    List<ByteString> keys = new ArrayList<>();
    String cursor = "0";
    do {
      String page = scan.page() == null ? "10" : scan.page().toString();
      Reply reply =
          connection.call(
              words("SCAN", cursor, "MATCH", prefix.toStringUtf8() + "*", "COUNT", page));
      if (reply instanceof Reply.Failure failure) {
        return RespErrors.refused(failure.line());
      }
      cursor = ((Reply.Bulk) RespAnswers.part(reply, 0)).text();
      for (Reply key : ((Reply.Array) RespAnswers.part(reply, 1)).elements()) {
        keys.add(((Reply.Bulk) key).bytes());
      }
    } while (!cursor.equals("0"));
    keys.sort(Comparator.comparing(ByteString::toByteArray, java.util.Arrays::compareUnsigned));
    List<Answer.Entry> entries = new ArrayList<>();
    for (ByteString key : keys) {
      ByteString value =
          !scan.keysOnly() && call("GET", key) instanceof Reply.Bulk bulk ? bulk.bytes() : null;
      entries.add(
          new Answer.Entry(
              key, value, Answer.UNTOLD_VERSION, RespAnswers.number(call("PTTL", key))));
    }
    return new Answer.Listed(entries);
  }

  private Reply call(String command, ByteString key) throws IOException {
    List<ByteString> words = new ArrayList<>(words(command));
    words.add(key);
    return connection.call(words);
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
