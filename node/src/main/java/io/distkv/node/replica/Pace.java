package io.distkv.node.replica;

import io.distkv.base.Clock;
import io.distkv.base.Lane;
import io.distkv.storage.tree.Tree;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Lets writes through as fast as the tree can take them for long. When flush or compaction fall
 * behind, the tree asks for a delay per write; the delays add up here, and once they make a grain
 * worth a timer, writes wait in line, in order, and the lane goes on with other work. The smooth
 * slowing replaces the stall that would come otherwise. Where memory itself has no room, a write
 * waits until there is some, and those behind it with it: a large one for a flush to end, any for
 * the journal to write what it was given before.
 *
 * <p>Used on the lane only.
 */
final class Pace {
  private static final long GRAIN_NANOS = 1_000_000;

  /** How often a write looks whether there is room for it now. */
  private static final long LOOK_NANOS = 5_000_000;

  private final Lane lane;
  private final Clock clock;
  private final Tree tree;
  private final Replication replication;
  private final ReplicaCounters counters;
  private final Consumer<WriteCall> through;
  private final Queue<WriteCall> line = new ArrayDeque<>();
  private long nextNanos;
  private boolean timed;

  Pace(
      Lane lane,
      Clock clock,
      Tree tree,
      Replication replication,
      ReplicaCounters counters,
      Consumer<WriteCall> through) {
    this.lane = lane;
    this.clock = clock;
    this.tree = tree;
    this.replication = replication;
    this.counters = counters;
    this.through = through;
  }

  /** Passes a write on, now or later, after all that came before it. */
  void pass(WriteCall write) {
    if (!line.isEmpty()) {
      counters.add(ReplicaCounters.Counter.THROTTLED_WRITES, 1);
      line.add(write);
      return;
    }
    long waitNanos = mustAwaitRoom(write) ? LOOK_NANOS : waitNanos(write);
    if (waitNanos < GRAIN_NANOS) {
      through.accept(write);
    } else {
      counters.add(ReplicaCounters.Counter.THROTTLED_WRITES, 1);
      line.add(write);
      resumeIn(waitNanos);
    }
  }

  boolean isEmpty() {
    return line.isEmpty();
  }

  /** The writes that wait, which are the caller's from here on. */
  Queue<WriteCall> takeAll() {
    Queue<WriteCall> taken = new ArrayDeque<>(line);
    line.clear();
    return taken;
  }

  private boolean mustAwaitRoom(WriteCall write) {
    return tree.mustAwaitFlush(write.sizeBytes()) || !replication.hasRoomFor(write.sizeBytes());
  }

  private long waitNanos(WriteCall write) {
    long delayNanos = tree.writeDelayNanos(write.sizeBytes());
    if (delayNanos == 0) {
      return 0;
    }
    long now = clock.monotonicNanos();
    nextNanos = (nextNanos - now < 0 ? now : nextNanos) + delayNanos;
    return nextNanos - now;
  }

  private void resumeIn(long waitNanos) {
    if (!timed) {
      timed = true;
      lane.schedule(waitNanos, this::resume);
    }
  }

  private void resume() {
    timed = false;
    WriteCall write = line.peek();
    while (write != null) {
      if (mustAwaitRoom(write)) {
        resumeIn(LOOK_NANOS);
        return;
      }
      line.remove();
      through.accept(write);
      write = line.peek();
      long waitNanos = write == null ? 0 : waitNanos(write);
      if (waitNanos >= GRAIN_NANOS) {
        resumeIn(waitNanos);
        return;
      }
    }
  }
}
