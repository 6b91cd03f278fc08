package io.distkv.server.trace;

import io.distkv.base.Clock;
import io.distkv.node.session.Follower;
import io.distkv.node.session.Passage;
import io.opentelemetry.api.trace.SpanContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One request that is traced, while it is under way.
 *
 * <p>Any thread; the last word is {@link #end}, and what comes after it is ignored.
 */
public final class RequestTrace implements Follower {
  /** Of one request; a long scan runs many. */
  private static final int MOST_COMMANDS = 64;

  private final Consumer<FinishedTrace> sink;
  private final Clock clock;
  private final String protocol;
  private final SpanContext caller;
  private final long epochOffsetNanos;
  private final long beginNanos;
  private final List<TracedCommand> commands = new ArrayList<>(1);
  private boolean ended;

  /**
   * @param sink takes what is known of it once it is over; must not wait
   * @param caller invalid if it begins a trace
   * @param epochOffsetNanos from the node's monotonic clock to nanoseconds since 1970
   */
  RequestTrace(
      Consumer<FinishedTrace> sink,
      Clock clock,
      String protocol,
      SpanContext caller,
      long epochOffsetNanos) {
    this.sink = sink;
    this.clock = clock;
    this.protocol = protocol;
    this.caller = caller;
    this.epochOffsetNanos = epochOffsetNanos;
    beginNanos = clock.monotonicNanos();
  }

  @Override
  public synchronized void passed(Passage passage) {
    if (!ended && commands.size() < MOST_COMMANDS) {
      commands.add(TracedCommand.of(passage));
    }
  }

  /**
   * The request has its answer.
   *
   * @param name of the kind of request, one of few
   * @param status of the answer, in the protocol's words
   * @param failed whether the node is to blame that it is not what was asked for
   */
  public synchronized void end(String name, String status, boolean failed) {
    if (ended) {
      return;
    }
    ended = true;
    sink.accept(
        new FinishedTrace(
            protocol,
            name,
            status,
            failed,
            caller,
            epochOffsetNanos,
            beginNanos,
            clock.monotonicNanos(),
            commands));
  }

  /** The request was one command, whose reply leaves: its name is that of the request. */
  public synchronized void endWith(Passage passage) {
    passed(passage);
    String name = passage.spec() == null ? "unknown command" : passage.spec().name();
    end(name, passage.failed() ? "error" : "ok", false);
  }
}
