package io.distkv.client;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Room for so many operations, and so many bytes of them, at a time. Thread-safe.
 *
 * <p>While there is room and nobody waits, two counters are all it takes. Who finds none waits in a
 * line, and is let in by whoever gives room back: the first in the line, and no other thread wakes
 * up for it. To wake all, of whom one finds room, takes longer than the operations do.
 *
 * <p>Nobody is forgotten. Who waits is in the line before it looks a last time, and who gives room
 * back looks at the line after it has. Who only tries, in vain, counts for a moment, and so may
 * hide room from the one who looks meanwhile; but then it comes to the line, too, and looks again.
 */
final class Room {
  private final int mostOperations;
  private final long mostBytes;
  private final AtomicInteger operations = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /** Those in the line, and those who wait until nobody has room any more. */
  private final AtomicInteger waiting = new AtomicInteger();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition given = lock.newCondition();

  /** Set on threads that tell of an end while others wait. */
  private final ThreadLocal<Boolean> telling = new ThreadLocal<>();

  /** Used under the lock. */
  private final Queue<Waiter> line = new ArrayDeque<>();

  /** One in the line. Used under the lock. */
  private static final class Waiter {
    final long sizeBytes;
    final Condition turn;
    boolean letIn;

    Waiter(long sizeBytes, Condition turn) {
      this.sizeBytes = sizeBytes;
      this.turn = turn;
    }
  }

  Room(int mostOperations, long mostBytes) {
    this.mostOperations = mostOperations;
    this.mostBytes = mostBytes;
  }

  /** Takes room for one operation, if there is any; without heed to those who wait. */
  boolean tryTake(long sizeBytes) {
    if (operations.incrementAndGet() > mostOperations) {
      operations.decrementAndGet();
      return false;
    }
    long before = bytes.getAndAdd(sizeBytes);
    // One that is larger than all the room must not wait for ever: it may go alone.
    if (before > 0 && before + sizeBytes > mostBytes) {
      free(sizeBytes);
      return false;
    }
    return true;
  }

  /**
   * Takes room, waiting for it if need be, behind those who wait already; but see {@link #give}.
   *
   * @return whether there was any in time
   */
  boolean take(long sizeBytes, long waitNanos) throws InterruptedException {
    if ((waiting.get() == 0 || telling.get() != null) && tryTake(sizeBytes)) {
      return true;
    }
    lock.lockInterruptibly();
    try {
      Waiter self = new Waiter(sizeBytes, lock.newCondition());
      line.add(self);
      waiting.incrementAndGet();
      letIn();
      try {
        long left = waitNanos;
        while (!self.letIn && left > 0) {
          left = self.turn.awaitNanos(left);
        }
      } catch (InterruptedException e) {
        if (!self.letIn) {
          throw e;
        }
        Thread.currentThread().interrupt();
      } finally {
        if (!self.letIn) {
          line.remove(self);
          waiting.decrementAndGet();
          // Those behind it may need less.
          letIn();
        }
      }
      return self.letIn;
    } finally {
      lock.unlock();
    }
  }

  /** Lets in from the front of the line as long as there is room. Under the lock. */
  private void letIn() {
    for (Waiter first = line.peek();
        first != null && tryTake(first.sizeBytes);
        first = line.peek()) {
      line.remove();
      waiting.decrementAndGet();
      first.letIn = true;
      first.turn.signal();
    }
  }

  /**
   * Gives back what one operation has taken, and has its end told. What is begun on this thread
   * meanwhile goes before those who wait: it may be the thread that ends operations, which must not
   * wait for one to end. Only who comes in between may be quicker.
   */
  void give(long sizeBytes, Runnable tell) {
    free(sizeBytes);
    if (waiting.get() == 0) {
      tell.run();
      return;
    }
    boolean inside = telling.get() != null;
    telling.set(true);
    try {
      tell.run();
    } finally {
      if (!inside) {
        telling.remove();
      }
      lock.lock();
      try {
        letIn();
        given.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void free(long sizeBytes) {
    bytes.addAndGet(-sizeBytes);
    operations.decrementAndGet();
  }

  /** Operations that have room now. */
  int operations() {
    return operations.get();
  }

  /** Waits until nobody has any. */
  boolean awaitEmpty(long waitNanos) throws InterruptedException {
    lock.lockInterruptibly();
    waiting.incrementAndGet();
    try {
      long left = waitNanos;
      while (operations.get() > 0 && left > 0) {
        left = given.awaitNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
      }
      return operations.get() == 0;
    } finally {
      waiting.decrementAndGet();
      lock.unlock();
    }
  }
}
