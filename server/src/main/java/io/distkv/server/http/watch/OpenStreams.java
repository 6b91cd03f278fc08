package io.distkv.server.http.watch;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The streams that are open, so that they can be ended. Any thread. */
final class OpenStreams {
  private static final Reply.Failure STOPPING =
      Errors.of(ErrorCode.NO_QUORUM, "the node stops; watch again from where this ends");

  private final Set<Hand> open = ConcurrentHashMap.newKeySet();
  private volatile boolean ending;

  void add(Hand stream) {
    open.add(stream);
    if (ending) {
      stream.end(STOPPING);
    }
  }

  void remove(Hand stream) {
    open.remove(stream);
  }

  /** Ends all there are, and whatever else comes. */
  void endAll() {
    ending = true;
    open.forEach(stream -> stream.end(STOPPING));
  }
}
