package io.distkv.server.http.keys;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Reply;
import io.distkv.server.call.Words;
import io.distkv.server.http.exchange.Answer;
import io.distkv.server.http.exchange.Exchange;
import io.distkv.server.http.exchange.ProblemException;
import io.distkv.server.http.exchange.Query;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One key: read, set, removed. Values go as they are; versions are entity tags. */
final class KeyHandlers {
  private static final HeaderName TTL = HeaderNames.create("DistKV-TTL");
  private static final HeaderName KEEP_TTL = HeaderNames.create("DistKV-Keep-TTL");
  private static final HeaderName VERSION = HeaderNames.create("DistKV-Version");
  private static final HeaderName PREVIOUS_VERSION = HeaderNames.create("DistKV-Previous-Version");
  private static final Header OCTETS =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/octet-stream");

  /** Whoever keeps an answer asks again whether it is still true. */
  private static final Header ASK_AGAIN =
      HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-cache");

  private final NodeCalls node;

  KeyHandlers(NodeCalls node) {
    this.node = node;
  }

  Answer get(Exchange exchange) {
    Query query = exchange.query("asOf", "encoding");
    Conditions conditions = Conditions.of(exchange);
    Words words = Words.of("KV.GET").add(exchange.bytes("key", query.encoding()));
    String asOf = query.text("asOf");
    if (asOf != null) {
      words.add("ASOF", Moment.version(asOf, node.clock(), "asOf"));
    }
    Replies.Found found = Replies.found(node.read(exchange, keyspace(exchange), words.end()));
    conditions.checkRead(found == null ? null : found.version());
    if (found == null) {
      throw noSuchKey();
    }
    Answer answer =
        conditions.isKnown(found.version())
            ? Answer.of(Status.NOT_MODIFIED_304)
            : withValue(Answer.of(Status.OK_200), found);
    answer.header(HeaderNames.ETAG, EntityTags.tag(found.version())).header(ASK_AGAIN);
    if (found.lifeLeftMillis() >= 0) {
      answer.header(TTL, Life.text(found.lifeLeftMillis()));
    }
    return answer;
  }

  Answer put(Exchange exchange) {
    Query query = exchange.query("encoding", "previous");
    Conditions conditions = Conditions.of(exchange);
    boolean previous = query.flag("previous");
    Words words =
        Words.of("KV.PUT").add(exchange.bytes("key", query.encoding())).add(exchange.body());
    conditions.addTo(words);
    addLife(exchange, words);
    if (previous) {
      words.add("PREVIOUS");
    }
    List<Reply> parts = Replies.parts(node.call(exchange, keyspace(exchange), words.end()));
    String version = Replies.version(parts.getFirst());
    Replies.Found before = Replies.found(parts.get(1));
    boolean created = conditions.onlyIfAbsent() || (previous && before == null);
    return written(created ? Status.CREATED_201 : Status.NO_CONTENT_204, version, before)
        .header(HeaderNames.ETAG, EntityTags.tag(version));
  }

  Answer delete(Exchange exchange) {
    Query query = exchange.query("encoding", "previous");
    Words words = Words.of("KV.DELETE").add(exchange.bytes("key", query.encoding()));
    Conditions.of(exchange).addToRemoval(words);
    if (query.flag("previous")) {
      words.add("PREVIOUS");
    }
    List<Reply> parts = Replies.parts(node.call(exchange, keyspace(exchange), words.end()));
    if (parts.getFirst() instanceof Reply.Null) {
      throw noSuchKey();
    }
    return written(
        Status.NO_CONTENT_204, Replies.version(parts.getFirst()), Replies.found(parts.get(1)));
  }

  private static String keyspace(Exchange exchange) {
    return KeyspaceNames.of(exchange);
  }

  private static ProblemException noSuchKey() {
    return ProblemException.of(ErrorCode.NOT_FOUND, "there is no such key");
  }

  private static void addLife(Exchange exchange, Words words) {
    String life = exchange.header(TTL);
    String keep = exchange.header(KEEP_TTL);
    boolean keeps =
        switch (keep) {
          case null -> false;
          case "true" -> true;
          case "false" -> false;
          default -> throw ProblemException.invalid("DistKV-Keep-TTL is true or false");
        };
    if (life != null && keeps) {
      throw ProblemException.invalid("a write has DistKV-TTL or DistKV-Keep-TTL, not both");
    }
    if (life != null) {
      words.add("TTL", Life.millis(life, "DistKV-TTL"));
    } else if (keeps) {
      words.add("KEEPTTL");
    }
  }

  private static Answer withValue(Answer answer, Replies.Found found) {
    Reply.Bulk value = found.value();
    return answer.body(OCTETS, value.array(), value.offset(), value.length());
  }

  /** With what the key had before, if that was asked for and there was something. */
  private static Answer written(Status status, String version, Replies.@Nullable Found before) {
    Answer answer =
        before == null
            ? Answer.of(status)
            : withValue(Answer.of(Status.OK_200), before)
                .header(PREVIOUS_VERSION, before.version());
    return answer.header(VERSION, version);
  }
}
