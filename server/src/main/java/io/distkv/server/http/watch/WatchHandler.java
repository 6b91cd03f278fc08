package io.distkv.server.http.watch;

import io.distkv.base.ErrorCode;
import io.distkv.base.Lane;
import io.distkv.base.Limits;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.ChangeRange;
import io.distkv.node.watch.LaneWatches;
import io.distkv.server.http.exchange.Answer;
import io.distkv.server.http.exchange.BodyMemory;
import io.distkv.server.http.exchange.EventOutput;
import io.distkv.server.http.exchange.EventSource;
import io.distkv.server.http.exchange.Exchange;
import io.distkv.server.http.exchange.KeyEncoding;
import io.distkv.server.http.exchange.ProblemException;
import io.distkv.server.http.exchange.Query;
import io.distkv.server.http.keys.KeyspaceNames;
import io.distkv.server.http.keys.Life;
import io.distkv.server.http.keys.Moment;
import io.distkv.server.http.keys.NodeCalls;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Begins streams of changes. What is wrong with a request, or with where it wants to begin, is a
 * problem: the answer begins when the watch has.
 */
final class WatchHandler {
  private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");
  private static final long DEFAULT_PROGRESS_MILLIS = 10_000;
  private static final long LEAST_PROGRESS_MILLIS = 100;
  private static final long MOST_PROGRESS_MILLIS = 3_600_000;
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final NodeCalls node;
  private final BodyMemory memory;
  private final OpenStreams streams;

  WatchHandler(NodeCalls node, BodyMemory memory, OpenStreams streams) {
    this.node = node;
    this.memory = memory;
    this.streams = streams;
  }

  Answer watch(Exchange exchange) {
    Query query = exchange.query("key", "prefix", "start", "end", "after", "progress", "encoding");
    EventId after = after(exchange, query);
    // Some changes of the version behind it were told already: it is told again, and they are not.
    LaneWatches.Wish wish =
        new LaneWatches.Wish(
            KeyspaceNames.of(exchange), range(query), after.through(), progressNanos(query));
    Lane lane = node.lane();
    Hand hand = new Hand(lane);
    exchange.connection().waiting(hand::gone);
    streams.add(hand);
    boolean begun = false;
    try {
      if (!hand.begin(node.watches(lane), wish)) {
        throw ProblemException.of(ErrorCode.OVERLOADED, "the node has too much to do");
      }
      Hand.Delivery first = first(hand);
      if (first instanceof Hand.Delivery.End(Reply.Failure why)) {
        throw ProblemException.of(why.code(), why.text());
      }
      begun = true;
      boolean base64 = query.encoding() == KeyEncoding.BASE64URL;
      WatchStream stream =
          new WatchStream(
              new ClientDeliveries(hand, exchange.connection()),
              memory,
              new Progress(after),
              base64);
      return Answer.events(
          new EventSource() {
            @Override
            public void writeTo(EventOutput out) {
              stream.send(first, out);
            }

            @Override
            public void close() {
              end(hand);
            }
          });
    } finally {
      exchange.connection().waited();
      if (!begun) {
        end(hand);
      }
    }
  }

  private void end(Hand hand) {
    streams.remove(hand);
    hand.close();
  }

  /** The first delivery tells where the watch begins. */
  private static Hand.Delivery first(Hand hand) {
    try {
      while (!hand.isGone()) {
        Hand.Delivery first = hand.take(LOOK_NANOS);
        if (first != null) {
          return first;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new CloseConnectionException("the client is gone");
  }

  private EventId after(Exchange exchange, Query query) {
    String last = exchange.header(LAST_EVENT_ID);
    // A browser says so when it comes again, and says again what it said at first.
    if (last != null && !last.isEmpty()) {
      return EventId.parse(last, "Last-Event-ID");
    }
    String after = query.text("after");
    if (after == null) {
      return new EventId(0, 0);
    }
    return EventId.isOne(after)
        ? EventId.parse(after, "after")
        : new EventId(Moment.version(after, node.clock(), "after"), 0);
  }

  private static ChangeRange range(Query query) {
    boolean key = query.has("key");
    boolean prefix = query.has("prefix");
    boolean startOrEnd = query.has("start") || query.has("end");
    if ((key ? 1 : 0) + (prefix ? 1 : 0) + (startOrEnd ? 1 : 0) > 1) {
      throw ProblemException.invalid(
          "a watch has a key, or a prefix, or start and end; or none of them, for all keys");
    }
    KeyEncoding encoding = query.encoding();
    if (key) {
      byte[] bytes = bytes(query, "key", encoding);
      if (bytes.length == 0) {
        throw ProblemException.invalid("a key has at least one byte");
      }
      return ChangeRange.key(bytes);
    }
    if (prefix) {
      return ChangeRange.prefix(bytes(query, "prefix", encoding));
    }
    byte[] start = bytes(query, "start", encoding);
    byte @Nullable [] end = query.has("end") ? bytes(query, "end", encoding) : null;
    if (end != null && Arrays.compareUnsigned(start, end) >= 0) {
      throw ProblemException.invalid("end is not behind start, so there are no keys to be watched");
    }
    return new ChangeRange(start, end);
  }

  private static byte[] bytes(Query query, String name, KeyEncoding encoding) {
    byte[] bytes = query.bytes(name, encoding);
    if (bytes.length > Limits.MAX_KEY_BYTES) {
      throw ProblemException.invalid(name + " has more than " + Limits.MAX_KEY_BYTES + " bytes");
    }
    return bytes;
  }

  private static long progressNanos(Query query) {
    String text = query.text("progress");
    long millis = text == null ? DEFAULT_PROGRESS_MILLIS : Life.millis(text, "progress");
    if (millis < LEAST_PROGRESS_MILLIS || millis > MOST_PROGRESS_MILLIS) {
      throw ProblemException.invalid("progress is from 100ms to 1h, such as 10s");
    }
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
