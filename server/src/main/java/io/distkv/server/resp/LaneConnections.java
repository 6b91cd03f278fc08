package io.distkv.server.resp;

import io.distkv.base.Clock;
import io.distkv.base.Lane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
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
  private static final long MEMORY_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** What is read from a connection at most before it can be stopped again. */
  private static final int READ_BYTES = 4 * SCRATCH_BYTES;

  /** Changes of what the clients hold that the other lanes need not know of at once. */
  private static final long GRAIN_BYTES = 16 * 1024;

  private final Lane lane;
  private final Clock clock;
  private final ClientLimits limits;
  private final ClientMemory memory;
  private final ConnectionCounters counters = new ConnectionCounters();
  private final ReplyPrinter printer = new ReplyPrinter();
  private final byte[] scratch = new byte[SCRATCH_BYTES];
  private final Set<RespConnection> connections = new LinkedHashSet<>();
  private final ArrayDeque<RespConnection> toAttend = new ArrayDeque<>();
  private final Runnable attendAll = this::attendAll;
  private final Set<RespConnection> awaitingMemory = new LinkedHashSet<>();
  private long heldBytes;
  private long toldBytes;
  private boolean lookingForMemory;
  private boolean wasShort;
  private boolean turnEndAsked;
  private boolean sweeping;
  private @Nullable Runnable whenDrained;

  LaneConnections(Lane lane, Clock clock, ClientLimits limits, ClientMemory memory) {
    this.lane = lane;
    this.clock = clock;
    this.limits = limits;
    this.memory = memory;
  }

  Lane lane() {
    return lane;
  }

  ClientLimits limits() {
    return limits;
  }

  ClientMemory memory() {
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
    awaitingMemory.remove(connection);
    if (connections.isEmpty()) {
      tellHeld();
    }
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
    shedIfShort();
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

  /** A connection holds so much more, or less where negative. */
  void holds(long bytes) {
    heldBytes += bytes;
    if (Math.abs(heldBytes - toldBytes) >= GRAIN_BYTES) {
      tellHeld();
    }
  }

  private void tellHeld() {
    memory.add(heldBytes - toldBytes);
    toldBytes = heldBytes;
  }

  /** Has a connection's {@link RespConnection#attend} called when memory may suffice for it. */
  void awaitMemory(RespConnection connection) {
    awaitingMemory.add(connection);
    if (!lookingForMemory) {
      lookingForMemory = true;
      lane.schedule(MEMORY_LOOK_NANOS, this::lookForMemory);
    }
  }

  /** Lets on as many as there is room for, so that they do not all at once take it up again. */
  private void lookForMemory() {
    tellHeld();
    long room = memory.isShort() ? 0 : Math.max(1, memory.freeBytes() / READ_BYTES);
    for (RespConnection connection : List.copyOf(awaitingMemory)) {
      if (room > 0 || !connection.mustWaitForMemory()) {
        room--;
        awaitingMemory.remove(connection);
        connection.attendAtTurnEnd();
      }
    }
    lookingForMemory = !awaitingMemory.isEmpty();
    if (lookingForMemory) {
      lane.schedule(MEMORY_LOOK_NANOS, this::lookForMemory);
    }
  }

  /** What has been short for a second does not get better by waiting. */
  private void shedIfShort() {
    tellHeld();
    boolean stayedShort = wasShort && memory.isShort();
    wasShort = memory.isShort();
    if (!stayedShort) {
      return;
    }
    List<RespConnection> largest = all();
    largest.removeIf(connection -> connection.sheddableBytes() == 0);
    largest.sort(Comparator.comparingLong(RespConnection::sheddableBytes).reversed());
    for (RespConnection connection : largest) {
      if (memory.isShort()) {
        connection.shed();
        tellHeld();
      }
    }
  }
}
