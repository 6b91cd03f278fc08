package io.distkv.storage.tree;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * How many compactions may run on the node at a time. A tree that finds no slot free is told, in
 * its turn, when one has become free; those whose readers or writers suffer come before those that
 * only have space to win.
 *
 * <p>Safe for use by any thread.
 */
public final class CompactionSlots {
  private final Queue<Runnable> urgent = new ArrayDeque<>();
  private final Queue<Runnable> patient = new ArrayDeque<>();
  private int free;

  /**
   * Makes the slots.
   *
   * @param slots at least 1
   */
  public CompactionSlots(int slots) {
    if (slots < 1) {
      throw new IllegalArgumentException("slots must be at least 1: " + slots);
    }
    this.free = slots;
  }

  /**
   * Takes a slot if one is free; if not, {@code whenFree} runs once on some thread when trying
   * again is worth it.
   *
   * @param isUrgent whether it is told before all for whom it is not
   */
  synchronized boolean tryTake(boolean isUrgent, Runnable whenFree) {
    if (free == 0) {
      (isUrgent ? urgent : patient).add(whenFree);
      return false;
    }
    free--;
    return true;
  }

  /** Lets the next one who waits try: the one who was told before has no use for the slot. */
  void passOn() {
    Runnable next;
    synchronized (this) {
      next = free > 0 ? nextWaiting() : null;
    }
    if (next != null) {
      next.run();
    }
  }

  /** Gives a slot back. */
  void release() {
    Runnable next;
    synchronized (this) {
      free++;
      next = nextWaiting();
    }
    if (next != null) {
      next.run();
    }
  }

  private @Nullable Runnable nextWaiting() {
    Runnable next = urgent.poll();
    return next == null ? patient.poll() : next;
  }
}
