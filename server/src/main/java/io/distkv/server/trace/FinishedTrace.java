package io.distkv.server.trace;

import io.opentelemetry.api.trace.SpanContext;
import java.util.List;

/**
 * A request that was traced and is over.
 *
 * @param name of the kind of request, one of few
 * @param status of the answer, in the protocol's words
 * @param failed whether the node is to blame that it is not what was asked for
 * @param caller the span that it belongs under; invalid if it begins a trace
 * @param epochOffsetNanos from the node's monotonic clock, whose times these are, to nanoseconds
 *     since 1970
 * @param commands that it ran
 */
record FinishedTrace(
    String protocol,
    String name,
    String status,
    boolean failed,
    SpanContext caller,
    long epochOffsetNanos,
    long beginNanos,
    long endNanos,
    List<TracedCommand> commands) {

  FinishedTrace {
    commands = List.copyOf(commands);
  }

  /** How many spans it is. */
  int spanCount() {
    int count = 1;
    for (TracedCommand command : commands) {
      count += 1 + command.parts().size();
    }
    return count;
  }
}
