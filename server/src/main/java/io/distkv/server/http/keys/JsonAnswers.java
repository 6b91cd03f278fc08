package io.distkv.server.http.keys;

import io.distkv.node.command.Reply;
import io.distkv.server.http.exchange.JsonText;
import io.distkv.server.http.exchange.KeyEncoding;
import io.distkv.server.http.exchange.Query;
import java.util.List;

/** Puts the replies of commands into JSON. Whole numbers of 64 bits are texts there. */
final class JsonAnswers {
  private JsonAnswers() {}

  /** Whether a request wants every key and value in base64, be it text or not. */
  static boolean alwaysBase64(Query query) {
    return query.encoding() == KeyEncoding.BASE64URL;
  }

  /** The fields of what one operation of a batch did. */
  static void result(JsonText json, BatchOperation.Kind kind, Reply reply, boolean base64) {
    switch (kind) {
      case GET -> {
        Replies.Found found = Replies.found(reply);
        json.field("found", found != null);
        if (found != null) {
          json.bytes("value", Replies.bytes(found.value()), base64);
          json.field("version", found.version());
          life(json, found.lifeLeftMillis());
        }
      }
      case PUT -> json.field("version", Replies.version(Replies.parts(reply).getFirst()));
      case DELETE -> {
        Reply version = Replies.parts(reply).getFirst();
        boolean found = !(version instanceof Reply.Null);
        json.field("found", found);
        if (found) {
          json.field("version", Replies.version(version));
        }
      }
      case INCREMENT -> {
        List<Reply> parts = Replies.parts(reply);
        json.field("value", Long.toString(Replies.number(parts.get(0))));
        json.field("version", Replies.version(parts.get(1)));
      }
    }
  }

  /** The fields of an entry of a listing: key, value or null, version, milliseconds left. */
  static void entry(JsonText json, Reply reply, boolean base64) {
    List<Reply> parts = Replies.parts(reply);
    json.bytes("key", Replies.bytes(parts.get(0)), base64);
    if (!(parts.get(1) instanceof Reply.Null)) {
      json.bytes("value", Replies.bytes(parts.get(1)), base64);
    }
    json.field("version", Replies.version(parts.get(2)));
    life(json, Replies.number(parts.get(3)));
  }

  private static void life(JsonText json, long leftMillis) {
    if (leftMillis >= 0) {
      json.field("ttl", Life.text(leftMillis));
    }
  }
}
