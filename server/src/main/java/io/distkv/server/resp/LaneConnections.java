package io.distkv.server.resp;

import io.distkv.base.Clock;
import io.distkv.base.Lane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one lane and what they share: the printer, the memory that requests are parsed
 * in, the counters, and the end of the turn, when each connection that has something to say is
 * attended to once. Used on the lane only.
 */
final class LaneConnections {
  static final int SCRATCH_BYTES = 64 * 1024;
  private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Lane lane;
  private final Clock clock;
  private final ClientLimits limits;
  private final MemoryLine memory;
  private final ConnectionCounters counters = new ConnectionCounters();
  private final ReplyPrinter printer = new ReplyPrinter();
  private final byte[] scratch = new byte[SCRATCH_BYTES];
  private final Set<RespConnection> connections = new LinkedHashSet<>();
  private final ArrayDeque<RespConnection> toAttend = new ArrayDeque<>();
  private final Runnable attendAll = this::attendAll;
  private boolean turnEndAsked;
  private boolean sweeping;
  private @Nullable Runnable whenDrained;

  LaneConnections(Lane lane, Clock clock, ClientLimits limits, ClientMemory memory) {
    this.lane = lane;
    this.clock = clock;
    this.limits = limits;
    this.memory = new MemoryLine(lane, clock, memory);
  }

  Lane lane() {
    return lane;
  }

  ClientLimits limits() {
    return limits;
  }

  MemoryLine memory() {
    return memory;
  }

  ConnectionCounters counters() {
    return counters;
  }

  ReplyPrinter printer() {
    return printer;
  }

  /** Where the bytes of one piece are parsed; free again when the parser returns. */
  byte[] scratch() {
    return scratch;
  }

  long nowNanos() {
    return clock.monotonicNanos();
  }

  void add(RespConnection connection) {
    connections.add(connection);
    if (!sweeping) {
      sweeping = true;
      lane.schedule(SWEEP_NANOS, this::sweep);
    }
  }

  void remove(RespConnection connection) {
    connections.remove(connection);
    memory.remove(connection);
    if (connections.isEmpty() && whenDrained != null) {
      whenDrained.run();
      whenDrained = null;
    }
  }

  /** Lets every connection answer what it has begun and close; {@code done} when all have. */
  void drain(Runnable done) {
    if (connections.isEmpty()) {
      done.run();
    } else {
      whenDrained = done;
      all().forEach(RespConnection::drain);
    }
  }

  /** The connections there are now; a copy, because closing one removes it. */
  List<RespConnection> all() {
    return new ArrayList<>(connections);
  }

  /** Has a connection's {@link RespConnection#attend} called at the end of this turn. */
  void attendAtTurnEnd(RespConnection connection) {
    toAttend.add(connection);
    if (!turnEndAsked) {
      turnEndAsked = true;
      lane.atTurnEnd(attendAll);
    }
  }

  private void attendAll() {
    turnEndAsked = false;
    // Only those that wait now: what attending them causes is for a later task of this turn's end.
    for (int left = toAttend.size(); left > 0; left--) {
      toAttend.remove().attend();
    }
  }

  private void sweep() {
    closeIdle();
    memory.shedIfShort(connections);
    if (connections.isEmpty()) {
      sweeping = false;
    } else {
      lane.schedule(SWEEP_NANOS, this::sweep);
    }
  }

  private void closeIdle() {
    long idleNanos = limits.idleNanos();
    if (idleNanos > 0) {
      long now = nowNanos();
      for (RespConnection connection : all()) {
        connection.closeIfIdle(now, idleNanos);
      }
    }
  }
}
