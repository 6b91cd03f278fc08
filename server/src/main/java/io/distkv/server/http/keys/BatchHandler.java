package io.distkv.server.http.keys;

import io.distkv.base.Limits;
import io.distkv.node.command.Reply;
import io.distkv.server.call.Words;
import io.distkv.server.http.exchange.Answer;
import io.distkv.server.http.exchange.Exchange;
import io.distkv.server.http.exchange.JsonText;
import io.distkv.server.http.exchange.Query;
import java.util.ArrayList;
import java.util.List;

/** Several operations as one, and a number that is added to. */
final class BatchHandler {
  private final NodeCalls node;

  BatchHandler(NodeCalls node) {
    this.node = node;
  }

  Answer batch(Exchange exchange) {
    boolean base64 = JsonAnswers.alwaysBase64(exchange.query("encoding"));
    List<BatchOperation> operations = new ArrayList<>();
    JsonReader.readObject(
        exchange.body(),
        (in, name) -> {
          if (!name.equals("operations")) {
            throw in.unknown("operations");
          }
          in.list(() -> {
            if (operations.size() == Limits.MAX_BATCH_OPERATIONS) {
              throw in.tooMany(Limits.MAX_BATCH_OPERATIONS);
            }
            operations.add(BatchOperation.read(in));
          });
        });
    if (operations.isEmpty()) {
      throw BatchOperation.none();
    }
    List<BatchOperation.Kind> kinds = operations.stream().map(BatchOperation::kind).toList();
    byte[][] words = words(operations);
    operations.clear();
    List<Reply> replies =
        Replies.parts(node.callForJson(exchange, KeyspaceNames.of(exchange), words));
    JsonText json = new JsonText();
    json.object(() ->
        json.list(
            "results",
            () -> {
              for (int i = 0; i < kinds.size(); i++) {
                Reply reply = replies.get(i);
                BatchOperation.Kind kind = kinds.get(i);
                json.object(() -> JsonAnswers.result(json, kind, reply, base64));
              }
            }));
    return Answer.json(json);
  }

  /** A batch that only reads is a read of many keys, which need not be in one partition. */
  private static byte[][] words(List<BatchOperation> operations) {
    if (operations.stream().allMatch(BatchOperation::isPlainRead)) {
      Words words = Words.of("KV.MGET");
      operations.forEach(operation -> words.add(operation.key()));
      return words.end();
    }
    Words words = Words.of("KV.BATCH");
    operations.forEach(operation -> operation.addTo(words));
    return words.end();
  }

  Answer increment(Exchange exchange) {
    Query query = exchange.query("encoding");
    Words words = Words.of("KV.INCR").add(exchange.bytes("key", query.encoding()));
    Increment increment = new Increment();
    JsonReader.readObject(exchange.body(), increment::take);
    words.add(Long.toString(increment.by));
    if (increment.initial != 0) {
      words.add("INITIAL").add(Long.toString(increment.initial));
    }
    if (increment.hasLife) {
      words.add("TTL", increment.lifeMillis);
    }
    Reply reply = node.callForJson(exchange, KeyspaceNames.of(exchange), words.end());
    JsonText json = new JsonText();
    json.object(() -> JsonAnswers.result(json, BatchOperation.Kind.INCREMENT, reply, false));
    return Answer.json(json);
  }

  /** What the body of an increment says. */
  private static final class Increment {
    private long by = 1;
    private long initial;
    private boolean hasLife;
    private long lifeMillis;

    void take(JsonReader in, String name) {
      switch (name) {
        case "by" -> by = in.integer();
        case "initial" -> initial = in.integer();
        case "ttl" -> {
          hasLife = true;
          lifeMillis = in.life();
        }
        default -> throw in.unknown("by", "initial", "ttl");
      }
    }
  }
}
