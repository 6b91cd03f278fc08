package io.distkv.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Room for so many operations, and so many bytes of them, at a time. Thread-safe.
 *
 * <p>While there is room, two counters are all it takes. Who finds none waits at a lock. Nobody is
 * forgotten: who waits has counted itself before it looks a last time, and who gives room back
 * looks for those who wait after it has.
 */
final class Room {
  private final int mostOperations;
  private final long mostBytes;
  private final AtomicInteger operations = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger waiting = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition given = lock.newCondition();

  Room(int mostOperations, long mostBytes) {
    this.mostOperations = mostOperations;
    this.mostBytes = mostBytes;
  }

  /** Takes room for one operation, if there is any. */
  boolean tryTake(long sizeBytes) {
    if (operations.incrementAndGet() > mostOperations) {
      operations.decrementAndGet();
      return false;
    }
    long before = bytes.getAndAdd(sizeBytes);
    // One that is larger than all the room must not wait for ever: it may go alone.
    if (before > 0 && before + sizeBytes > mostBytes) {
      give(sizeBytes);
      return false;
    }
    return true;
  }

  /**
   * Takes room, waiting for it if need be.
   *
   * @return whether there was any in time
   */
  boolean take(long sizeBytes, long waitNanos) throws InterruptedException {
    if (tryTake(sizeBytes)) {
      return true;
    }
    lock.lockInterruptibly();
    waiting.incrementAndGet();
    try {
      long left = waitNanos;
      while (!tryTake(sizeBytes)) {
        if (left <= 0) {
          return false;
        }
        left = given.awaitNanos(left);
      }
      return true;
    } finally {
      waiting.decrementAndGet();
      lock.unlock();
    }
  }

  /** Gives back what one operation has taken. */
  void give(long sizeBytes) {
    bytes.addAndGet(-sizeBytes);
    operations.decrementAndGet();
    if (waiting.get() > 0) {
      lock.lock();
      try {
        given.signalAll();
      } finally {
        lock.unlock();
      }
    }
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
