package io.distkv.platform;

import io.distkv.base.Workers;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of named threads that take tasks from one queue, in order. They are never
 * interrupted, since an interrupt would close the file they are using.
 *
 * <p>Scheduled tasks wait in a heap beside the queue and join its end when they are due, so one
 * pool needs neither a timer thread nor a queue that is a heap for all.
 */
public final class WorkerPool implements Workers, AutoCloseable {
  private static final long FOREVER_NANOS = Long.MAX_VALUE / 2;

  private final String name;
  private final int mostQueuedTasks;
  private final UncaughtExceptionHandler onUncaught;
  private final List<Thread> threads = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition workArrived = lock.newCondition();

  // Guarded by the lock.
  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private final PriorityQueue<Timed> timed =
      new PriorityQueue<>(
          Comparator.comparingLong(Timed::dueNanos).thenComparingLong(Timed::order));
  private long timedOrder;
  private boolean closed;

  /** Due {@code dueNanos} after the pool's start; equals go in order. */
  private record Timed(long dueNanos, long order, Runnable task) {}

  private final long startNanos = System.nanoTime();

  /**
   * Starts the threads.
   *
   * @param name of the pool; its threads are called {@code name-0} and up
   * @param threadCount at least 1
   * @param mostQueuedTasks tasks waiting, over which {@link #offer} refuses
   * @param onUncaught told, on the worker, of whatever a task throws; the worker goes on
   */
  public WorkerPool(
      String name, int threadCount, int mostQueuedTasks, UncaughtExceptionHandler onUncaught) {
    this.name = name;
    this.mostQueuedTasks = mostQueuedTasks;
    this.onUncaught = onUncaught;
    for (int i = 0; i < threadCount; i++) {
      Thread thread = new Thread(this::work, name + "-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  @Override
  public boolean offer(Runnable task) {
    return add(task, mostQueuedTasks);
  }

  @Override
  public void execute(Runnable task) {
    add(task, Integer.MAX_VALUE);
  }

  private boolean add(Runnable task, int most) {
    lock.lock();
    try {
      requireOpen();
      if (queue.size() >= most) {
        return false;
      }
      queue.add(task);
      workArrived.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void schedule(long delayNanos, Runnable task) {
    lock.lock();
    try {
      requireOpen();
      timed.add(new Timed(nowNanos() + Math.max(0, delayNanos), timedOrder++, task));
      // Whoever wakes finds out anew how long it may sleep.
      workArrived.signal();
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new RejectedExecutionException("workers " + name + " are shut down");
    }
  }

  private long nowNanos() {
    return System.nanoTime() - startNanos;
  }

  private void work() {
    boolean open = true;
    while (open) {
      open = runNext();
    }
  }

  /**
   * Runs a task, once there is one; false when there will be none. A method of its own, so that a
   * worker that waits holds nothing of its last task: a variable of the loop would keep all that
   * the task led to, such as the memtables of a snapshot, for as long as nothing is to be done.
   */
  private boolean runNext() {
    Runnable task = next();
    if (task == null) {
      return false;
    }
    try {
      task.run();
    } catch (Throwable e) {
      onUncaught.uncaughtException(Thread.currentThread(), e);
    }
    return true;
  }

  /** The next task, once there is one; null when the pool is closed and its queue empty. */
  private @Nullable Runnable next() {
    lock.lock();
    try {
      while (true) {
        long untilDueNanos = queueDueTasks();
        Runnable task = queue.poll();
        if (task != null) {
          return task;
        }
        if (closed) {
          return null;
        }
        workArrived.awaitNanos(untilDueNanos);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("workers are never interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves the scheduled tasks that are due to the queue and wakes a worker for each but one.
   *
   * @return how long until the next is due; {@link #FOREVER_NANOS} when there is none
   */
  private long queueDueTasks() {
    long nowNanos = timed.isEmpty() ? 0 : nowNanos();
    for (Timed first = timed.peek(); first != null; first = timed.peek()) {
      if (first.dueNanos() > nowNanos) {
        return first.dueNanos() - nowNanos;
      }
      queue.add(first.task());
      timed.remove();
      workArrived.signal();
    }
    return FOREVER_NANOS;
  }

  /** Tasks queued and not yet begun, those scheduled for later not counted. */
  public int queuedTasks() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs what is queued, drops what is scheduled for later, takes no more, and waits for the
   * threads to end. Not to be called from a task of this pool.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      timed.clear();
      workArrived.signalAll();
    } finally {
      lock.unlock();
    }
    for (Thread thread : threads) {
      joinUninterruptibly(thread);
    }
  }

  private static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
