package io.distkv.node.replica;

import io.distkv.base.Clock;
import io.distkv.base.Lane;
import io.distkv.storage.tree.Tree;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets writes through as fast as the tree can take them for long. When flush or compaction fall
 * behind, the tree asks for a delay per write; the delays add up here, and once they make a grain
 * worth a timer, writes wait in line, in order, and the lane goes on with other work. The smooth
 * slowing replaces the stall that would come otherwise. Where memory itself has no room, a write
 * waits until there is some: a large one for a flush to end, any for the journal to write what it
 * was given before.
 *
 * <p>A large write is asked to wait for as long as many small ones, so there is a second line
 * behind the first, with delays of its own: whoever comes to the head of the first and is large
 * goes there to wait, and the small writes of other clients go on. Those of the same client follow
 * it there, since the writes of one conversation keep their order; what is in the second line came
 * before what its conversation has in the first. Each line lets through at the rate that the tree
 * asks for, and the tree's pressure answers what the two make together.
 *
 * <p>One wait of a large write is everybody's: that for the journal. Small writes that went on
 * would take up the room before there ever was enough of it.
 *
 * <p>Used on the lane only.
 */
final class Pace {
  /**
   * What a write must weigh to wait by itself: where slowing sets in, it is asked for a quarter of
   * a grain.
   */
  static final long LARGE_BYTES = 32 * 1024;

  private static final long GRAIN_NANOS = 1_000_000;

  /** How often a write looks whether there is room for it now. */
  private static final long LOOK_NANOS = 5_000_000;

  private final Lane lane;
  private final Clock clock;
  private final Tree tree;
  private final Replication replication;
  private final ReplicaCounters counters;
  private final Consumer<WriteCall> through;
  private final Line all;
  private final Line large = new Line(this::leaveLarge);

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
    all = new Line(through);
  }

  /** Passes a write on, now or later, after all of its conversation that came before it. */
  void pass(WriteCall write) {
    boolean aside = all.isEmpty() && mustStepAside(write);
    boolean passed = aside ? stepAside(write) : all.pass(write);
    if (!passed) {
      counters.add(ReplicaCounters.Counter.THROTTLED_WRITES, 1);
    }
  }

  boolean isEmpty() {
    return all.isEmpty() && large.isEmpty();
  }

  /** The writes that wait, which are the caller's from here on. */
  Queue<WriteCall> takeAll() {
    Queue<WriteCall> taken = new ArrayDeque<>(large.waiting);
    taken.addAll(all.waiting);
    large.waiting.clear();
    all.waiting.clear();
    return taken;
  }

  private static boolean mustStepAside(WriteCall write) {
    return write.sizeBytes() >= LARGE_BYTES || write.conversation().waitsBehindLarge();
  }

  private boolean stepAside(WriteCall write) {
    write.conversation().stepAside();
    return large.pass(write);
  }

  private void leaveLarge(WriteCall write) {
    write.conversation().stepBack();
    through.accept(write);
  }

  /**
   * Writes in order, each of which waits for its own delay after the one before it. None is ever
   * first in {@link #all} that must step aside.
   */
  private final class Line {
    private final Consumer<WriteCall> out;
    private final Queue<WriteCall> waiting = new ArrayDeque<>();
    private long nextNanos;
    private boolean timed;
    private boolean awaitsJournal;

    Line(Consumer<WriteCall> out) {
      this.out = out;
    }

    boolean isEmpty() {
      return waiting.isEmpty();
    }

    /** Whether it has passed at once. */
    boolean pass(WriteCall write) {
      if (waiting.isEmpty()) {
        long waitNanos = mustAwaitRoom(write) ? LOOK_NANOS : waitNanos(write);
        if (waitNanos < GRAIN_NANOS) {
          out.accept(write);
          return true;
        }
        resumeIn(waitNanos);
      }
      waiting.add(write);
      return false;
    }

    private boolean mustAwaitRoom(WriteCall write) {
      boolean awaitsFlush = tree.mustAwaitFlush(write.sizeBytes());
      awaitsJournal = !awaitsFlush && !replication.hasRoomFor(write.sizeBytes());
      return awaitsFlush || awaitsJournal || large.awaitsJournal;
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
      WriteCall write = waiting.peek();
      while (write != null) {
        if (mustAwaitRoom(write)) {
          resumeIn(LOOK_NANOS);
          return;
        }
        waiting.remove();
        out.accept(write);
        write = next();
        long waitNanos = write == null ? 0 : waitNanos(write);
        if (waitNanos >= GRAIN_NANOS) {
          resumeIn(waitNanos);
          return;
        }
      }
    }

    /** The first in line, after those before it have stepped aside that must. */
    private @Nullable WriteCall next() {
      WriteCall write = waiting.peek();
      while (this == all && write != null && mustStepAside(write)) {
        waiting.remove();
        stepAside(write);
        write = waiting.peek();
      }
      return write;
    }
  }
}
