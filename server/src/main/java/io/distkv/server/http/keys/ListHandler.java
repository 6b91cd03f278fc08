package io.distkv.server.http.keys;

import io.distkv.node.command.Reply;
import io.distkv.server.call.BadRequestException;
import io.distkv.server.call.ResumeToken;
import io.distkv.server.call.Words;
import io.distkv.server.http.exchange.Answer;
import io.distkv.server.http.exchange.Exchange;
import io.distkv.server.http.exchange.JsonText;
import io.distkv.server.http.exchange.KeyEncoding;
import io.distkv.server.http.exchange.ProblemException;
import io.distkv.server.http.exchange.Query;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists keys in their order, a page at a time.
 *
 * <p>The token that leads to the next page is {@link ResumeToken} behind eight bytes, high byte
 * first: the version as of which the listing reads, 0 for the newest at any time. So all pages of a
 * listing as of {@code -60s} show the same moment.
 */
final class ListHandler {
  private final NodeCalls node;

  ListHandler(NodeCalls node) {
    this.node = node;
  }

  Answer list(Exchange exchange) {
    Query query =
        exchange.query(
            "prefix",
            "start",
            "end",
            "reverse",
            "limit",
            "keysOnly",
            "asOf",
            "pageToken",
            "encoding");
    String keyspace = KeyspaceNames.of(exchange);
    Listing listing = new Listing(keyspace, query);
    Reply reply = node.callForJson(exchange, keyspace, listing.words());
    List<Reply> page = Replies.parts(reply);
    boolean base64 = JsonAnswers.alwaysBase64(query);
    JsonText json = new JsonText();
    json.object(() -> {
      json.list(
          "entries",
          () -> {
            for (Reply entry : Replies.parts(page.get(0))) {
              json.object(() -> JsonAnswers.entry(json, entry, base64));
            }
          });
      if (!(page.get(1) instanceof Reply.Null)) {
        json.field("nextPageToken", listing.token(Replies.bytes(page.get(1))));
      }
    });
    return Answer.json(json);
  }

  /** What is listed. */
  private final class Listing {
    private final String keyspace;
    private final Query query;
    private final byte[] start;
    private final byte[] end;
    private final byte[] prefix;
    private final boolean reverse;
    private final String asOfText;
    private final long asOf;
    private final byte @Nullable [] goesOnAt;

    Listing(String keyspace, Query query) {
      this.keyspace = keyspace;
      this.query = query;
      KeyEncoding encoding = query.encoding();
      start = query.bytes("start", encoding);
      end = query.bytes("end", encoding);
      prefix = query.bytes("prefix", encoding);
      reverse = query.flag("reverse");
      String said = query.text("asOf");
      asOfText = said == null ? "" : said;
      String token = query.text("pageToken");
      if (token == null) {
        goesOnAt = null;
        asOf = said == null ? 0 : Moment.version(said, node.clock(), "asOf");
      } else {
        byte[] bytes = KeyEncoding.base64(token, "pageToken");
        if (bytes.length < Long.BYTES) {
          throw ProblemException.invalid("pageToken is none that this node has given");
        }
        asOf = ByteBuffer.wrap(bytes).getLong();
        goesOnAt = nextKey(Arrays.copyOfRange(bytes, Long.BYTES, bytes.length));
      }
    }

    private byte[] nextKey(byte[] token) {
      try {
        return ResumeToken.nextKey(identity(), token, ResumeToken.Names.HTTP);
      } catch (BadRequestException e) {
        throw ProblemException.invalid(e.text());
      }
    }

    private ResumeToken.Listing identity() {
      return new ResumeToken.Listing(keyspace, start, end, prefix, reverse, asOf + " " + asOfText);
    }

    String token(ByteBuffer nextKey) {
      byte[] key = new byte[nextKey.remaining()];
      nextKey.get(key);
      byte[] token = ResumeToken.of(identity(), key);
      byte[] all = ByteBuffer.allocate(Long.BYTES + token.length).putLong(asOf).put(token).array();
      return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    byte[][] words() {
      Words words = Words.of("KV.SCAN");
      byte[] from = goesOnAt != null && !reverse ? goesOnAt : start;
      byte[] to = goesOnAt != null && reverse ? goesOnAt : end;
      if (from.length > 0) {
        words.add("FROM").add(from);
      }
      if (to.length > 0) {
        words.add("TO").add(to);
      }
      if (prefix.length > 0) {
        words.add("PREFIX").add(prefix);
      }
      if (reverse) {
        words.add("REVERSE");
      }
      String limit = query.text("limit");
      if (limit != null) {
        words.add("LIMIT").add(limit(limit));
      }
      if (query.flag("keysOnly")) {
        words.add("KEYSONLY");
      }
      if (asOf != 0 || !asOfText.isEmpty()) {
        words.add("ASOF", asOf);
      }
      return words.end();
    }

    private static String limit(String text) {
      if (!text.matches("[0-9]{1,6}")) {
        throw ProblemException.invalid("limit is a whole number from 1 to 10000");
      }
      return text;
    }
  }
}
