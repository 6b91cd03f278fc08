package io.distkv.server.resp;

import io.distkv.base.Clock;
import io.distkv.base.Lane;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one lane that wait for memory, and who of them may go on.
 *
 * <p>Many clients that are each in the middle of a large request hold memory that only the rest of
 * their requests would free, and wait for each other. So while memory is short, one of them at a
 * time has its turn: it is read from until its request has come whole. The next one's turn comes
 * when that has been carried out and has given the memory back. Who is in a transaction has no
 * turn, since the request would be queued.
 *
 * <p>Whose turn it is and who sends nothing for the time between two looks lets the next one pass,
 * once for each request: what a client had sent while it waited is there as soon as it is read
 * from. So those who send nothing more cost those who do a look or two each, and not the second or
 * two until they have to give up. Only once, since each time it may be read from once more before
 * it can be stopped.
 *
 * <p>What those hold who were free to send, or to take their replies, and hardly did for a second
 * or two of shortage, is given up, the largest first; and what those hold who wait for memory and
 * can have no turn.
 *
 * <p>Used on the lane only.
 */
final class MemoryLine {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** What is read from a connection at most before it can be stopped again. */
  private static final int READ_BYTES = 4 * LaneConnections.SCRATCH_BYTES;

  /** Changes of what the clients hold that the other lanes need not know of at once. */
  private static final long GRAIN_BYTES = 16 * 1024;

  private final Lane lane;
  private final Clock clock;
  private final ClientMemory memory;
  private final Set<RespConnection> waiting = new LinkedHashSet<>();
  private @Nullable RespConnection turn;

  /** Whose turn it is has sent a whole request. */
  private boolean turnUsed;

  /** When whose turn it is was last seen to send, or when the turn began. */
  private long sentNanos;

  /** What it had sent by then. */
  private long sentBytes;

  private long heldBytes;
  private long toldBytes;
  private boolean looking;
  private boolean wasShort;

  MemoryLine(Lane lane, Clock clock, ClientMemory memory) {
    this.lane = lane;
    this.clock = clock;
    this.memory = memory;
  }

  /** Whether clients that hold much must wait. */
  boolean isShort() {
    return memory.isShort();
  }

  /** A connection holds so much more, or less where negative. */
  void holds(long bytes) {
    heldBytes += bytes;
    if (Math.abs(heldBytes - toldBytes) >= GRAIN_BYTES) {
      tellHeld();
    }
    if (turnUsed) {
      giveTurn();
    }
  }

  private void tellHeld() {
    memory.add(heldBytes - toldBytes);
    toldBytes = heldBytes;
  }

  /** Whether a client may be given so large a reply. */
  boolean hasRoomForReply(long bytes) {
    tellHeld();
    return memory.hasRoomForReply(bytes);
  }

  /** Has a connection's {@link RespConnection#attend} called when it may go on. */
  void await(RespConnection connection) {
    waiting.add(connection);
    if (!looking) {
      looking = true;
      lane.schedule(LOOK_NANOS, this::look);
    }
  }

  /** The connection is gone. */
  void remove(RespConnection connection) {
    waiting.remove(connection);
    endTurn(connection);
    if (heldBytes == 0) {
      tellHeld();
    }
  }

  /** Whether a connection may be read from although memory is short. */
  boolean hasTurn(RespConnection connection) {
    return turn == connection && !turnUsed;
  }

  /** A request of the connection has come whole. */
  void useTurn(RespConnection connection) {
    turnUsed |= turn == connection;
    connection.load().requestCame();
  }

  private void endTurn(RespConnection connection) {
    if (turn == connection) {
      turn = null;
      turnUsed = false;
      giveTurn();
    }
  }

  private void look() {
    letNextPass();
    giveTurn();
    // As many as there is room for, so that they do not all at once take it up again.
    long room = memory.isShort() ? 0 : Math.max(1, memory.freeBytes() / READ_BYTES);
    for (RespConnection connection : List.copyOf(waiting)) {
      if (room > 0 || !connection.mustWaitForMemory()) {
        room--;
        letOn(connection);
      }
    }
    looking = !waiting.isEmpty();
    if (looking) {
      lane.schedule(LOOK_NANOS, this::look);
    }
  }

  private void letNextPass() {
    if (turn == null || turnUsed) {
      return;
    }
    ClientLoad load = turn.load();
    if (load.receivedBytes() != sentBytes) {
      sentSomething(load);
    } else if (clock.monotonicNanos() - sentNanos >= LOOK_NANOS && load.letPass()) {
      turn = null;
    }
  }

  private void sentSomething(ClientLoad load) {
    sentNanos = clock.monotonicNanos();
    sentBytes = load.receivedBytes();
  }

  private void giveTurn() {
    tellHeld();
    if (turn != null && (turnUsed ? turn.load().hasGivenBack() : turn.load().isLight())) {
      turn = null;
      turnUsed = false;
    }
    if (turn != null || !memory.isShort()) {
      return;
    }
    for (RespConnection connection : waiting) {
      if (connection.load().mayHaveTurn()) {
        turn = connection;
        letOn(connection);
        sentSomething(connection.load());
        return;
      }
    }
  }

  private void letOn(RespConnection connection) {
    waiting.remove(connection);
    connection.load().startWatch(clock.monotonicNanos());
    connection.attendAtTurnEnd();
  }

  /** What has been short for a second or two does not get better by waiting; once a second. */
  void shedIfShort(Collection<RespConnection> connections) {
    tellHeld();
    boolean stayedShort = wasShort && memory.isShort();
    wasShort = memory.isShort();
    if (!wasShort) {
      return;
    }
    long now = clock.monotonicNanos();
    List<RespConnection> idle = new ArrayList<>(connections);
    idle.removeIf(connection -> !connection.load().hasIdled(now, stayedShort));
    idle.removeIf(each -> waiting.contains(each) && each.load().mayHaveTurn());
    idle.removeIf(connection -> connection.load().sheddableBytes() == 0);
    idle.sort(
        Comparator.<RespConnection>comparingLong(each -> each.load().sheddableBytes()).reversed());
    for (RespConnection connection : idle) {
      if (memory.isShort()) {
        connection.shed();
        tellHeld();
      }
    }
  }
}
