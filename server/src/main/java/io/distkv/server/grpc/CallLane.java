package io.distkv.server.grpc;

import io.distkv.base.Lane;
import io.distkv.node.session.UnaryCalls;
import io.distkv.node.watch.LaneWatches;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * A lane as the calls that come in on it see it. The server's connections are served by the lanes'
 * own event loops, so a call begins and ends on one lane, and needs no hop where its data is there.
 */
record CallLane(
    Lane lane, UnaryCalls calls, LaneWatches watches, InboundCalls inbound, PrintedBlocks printed) {
  private static final FastThreadLocal<@Nullable CallLane> CURRENT = new FastThreadLocal<>();

  /** The lane that runs this code. */
  static CallLane current() {
    CallLane current = CURRENT.get();
    if (current == null) {
      throw new IllegalStateException("a call on " + Thread.currentThread() + ", which is no lane");
    }
    return current;
  }

  /** From here on, calls may come in on this lane. On it. */
  void begin() {
    CURRENT.set(this);
  }

  /** Runs a task on this lane: now, if that runs this code. */
  void run(Runnable task) {
    if (lane.inLane()) {
      task.run();
    } else {
      lane.complete(task);
    }
  }
}
