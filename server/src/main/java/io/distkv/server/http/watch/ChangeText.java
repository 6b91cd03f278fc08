package io.distkv.server.http.watch;

import io.distkv.base.ErrorCode;
import io.distkv.node.replica.Change;
import io.distkv.server.http.exchange.JsonText;
import java.nio.ByteBuffer;

/** What events say, in JSON. Whole numbers of 64 bits are texts there. */
final class ChangeText {
  private ChangeText() {}

  /** A key has a value, or is gone: then there is no value. */
  static byte[] change(Change change, boolean base64) {
    JsonText json = new JsonText();
    json.object(() -> {
      json.bytes("key", ByteBuffer.wrap(change.key()), base64);
      byte[] value = change.value();
      if (value == null) {
        json.field("removed", true);
      } else {
        json.bytes(
            "value", ByteBuffer.wrap(value, change.valueOffset(), change.valueLength()), base64);
      }
      json.field("version", Long.toString(change.version()));
      if (change.expiresAtMillis() != 0) {
        json.field("expiresAtMillis", Long.toString(change.expiresAtMillis()));
      }
    });
    return json.bytes();
  }

  /** Everything up to this version was told. */
  static byte[] progress(EventId id) {
    JsonText json = new JsonText();
    json.object(() -> json.field("version", Long.toString(id.through())));
    return json.bytes();
  }

  /** Why there is no more, and where another stream goes on. */
  static byte[] end(ErrorCode code, String detail, EventId id) {
    JsonText json = new JsonText();
    json.object(() -> {
      json.field("code", code.name());
      json.field("detail", detail);
      json.field("after", id.toString());
    });
    return json.bytes();
  }
}
