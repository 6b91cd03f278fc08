package io.distkv.server.http.watch;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.Change;
import io.distkv.server.http.exchange.BodyMemory;
import io.distkv.server.http.exchange.EventOutput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One stream of changes: sends what its watch finds, delivery by delivery, until the watch ends,
 * the client goes, or the client reads more slowly than answers must be read. Then it is told where
 * to go on, and makes room. On the request's thread.
 */
final class WatchStream {
  /** How long a browser waits before it comes again. */
  private static final long RETRY_MILLIS = 1_000;

  /** A change as JSON takes several times its own size while it is sent. */
  private static final int JSON_WEIGHT = 4;

  private final Deliveries deliveries;
  private final BodyMemory memory;
  private final Progress progress;
  private final boolean base64;

  WatchStream(Deliveries deliveries, BodyMemory memory, Progress progress, boolean base64) {
    this.deliveries = deliveries;
    this.memory = memory;
    this.progress = progress;
    this.base64 = base64;
  }

  /** Sends everything from the first delivery on. */
  void send(Hand.Delivery first, EventOutput out) {
    out.retry(RETRY_MILLIS);
    Hand.@Nullable Delivery next = first;
    while (true) {
      switch (next) {
        case null -> {
          out.nothing();
          out.flush();
        }
        case Hand.Delivery.End(Reply.Failure why) -> {
          end(out, why.code(), why.text());
          return;
        }
        case Hand.Delivery.Changes(List<Change> changes, long through) -> {
          if (!tell(changes, through, out)) {
            end(out, ErrorCode.OVERLOADED, "the memory for answers (http.memory) is used up");
            return;
          }
          if (out.isLate()) {
            end(out, ErrorCode.OVERLOADED, "the client reads too slowly (http.timeout)");
            return;
          }
          deliveries.sent();
        }
      }
      next = deliveries.next();
    }
  }

  /** Whether there was memory for it. */
  private boolean tell(List<Change> changes, long through, EventOutput out) {
    boolean told = false;
    for (int i = 0; i < changes.size(); i++) {
      EventId before = progress.id();
      if (!progress.next(changes, i, through)) {
        continue;
      }
      Change change = changes.get(i);
      long bytes = change.sizeBytes() * JSON_WEIGHT;
      if (!memory.addAnswer(bytes)) {
        progress.back(before);
        return false;
      }
      try {
        out.event(progress.id().toString(), "change", ChangeText.change(change, base64));
      } finally {
        memory.removeAnswer(bytes);
      }
      told = true;
    }
    progress.delivered(through);
    if (!told) {
      out.event(progress.id().toString(), "progress", ChangeText.progress(progress.id()));
    }
    out.flush();
    return true;
  }

  private void end(EventOutput out, ErrorCode code, String text) {
    out.event("end", ChangeText.end(code, text, progress.id()));
    out.flush();
  }
}
