package io.distkv.server.grpc;

import io.distkv.base.Clock;
import io.distkv.base.Lane;
import io.grpc.Metadata;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls that come in on one lane. Those whose first message is awaited are kept in the order in
 * which they began, so that a look once a second finds the late ones at the front. They are linked
 * as in a {@link io.distkv.base.Chain}, whose elements extend its link; a call extends a class of
 * gRPC, and another object for each would be there for that alone.
 *
 * <p>Used on the lane only.
 */
final class InboundCalls {
  private static final long LOOK_NANOS = 1_000_000_000;

  private final Lane lane;
  private final LongSupplier turnNanos;
  private final Clock clock;
  private final long timeoutNanos;
  private final MessageMemory memory;
  private final CallMetrics metrics;
  private final CallMetrics.LaneCalls counted;
  private @Nullable InboundCall first;
  private @Nullable InboundCall last;
  private boolean looking;

  /**
   * @param turnNanos when the lane's turn began, by the clock, about: a call begins with the turn
   *     that finds it in its socket
   */
  InboundCalls(
      Lane lane,
      LongSupplier turnNanos,
      Clock clock,
      long timeoutNanos,
      MessageMemory memory,
      CallMetrics metrics) {
    this.lane = lane;
    this.turnNanos = turnNanos;
    this.clock = clock;
    this.timeoutNanos = timeoutNanos;
    this.memory = memory;
    this.metrics = metrics;
    counted = metrics.lane(lane.index());
  }

  Lane lane() {
    return lane;
  }

  MessageMemory memory() {
    return memory;
  }

  CallMetrics metrics() {
    return metrics;
  }

  long nowNanos() {
    return clock.monotonicNanos();
  }

  /** The headers of a call are there. */
  InboundCall begin(String methodName, Metadata headers) {
    InboundCall call =
        new InboundCall(this, counted.begin(methodName), headers, turnNanos.getAsLong());
    call.awaited = true;
    call.earlier = last;
    if (last == null) {
      first = call;
    } else {
      last.later = call;
    }
    last = call;
    if (!looking) {
      looking = true;
      lane.schedule(Math.min(LOOK_NANOS, timeoutNanos), this::look);
    }
    return call;
  }

  /** The call that begins now has this handler. */
  void attach(Metadata headers, GuardedCall<?, ?> call) {
    InboundCall begun = last;
    if (begun == null || !begun.cameWith(headers)) {
      throw new IllegalStateException("a call begins whose headers were not the last to come");
    }
    begun.attach(call);
  }

  /** A call's first message is there, or none will come. */
  void arrived(InboundCall call) {
    if (!call.awaited) {
      return;
    }
    call.awaited = false;
    if (call.earlier == null) {
      first = call.later;
    } else {
      call.earlier.later = call.later;
    }
    if (call.later == null) {
      last = call.earlier;
    } else {
      call.later.earlier = call.earlier;
    }
    call.earlier = null;
    call.later = null;
  }

  private void look() {
    long now = nowNanos();
    for (InboundCall call = first;
        call != null && now - call.beganNanos() >= timeoutNanos;
        call = first) {
      arrived(call);
      call.tooSlow();
    }
    looking = first != null;
    if (looking) {
      lane.schedule(Math.min(LOOK_NANOS, timeoutNanos), this::look);
    }
  }
}
