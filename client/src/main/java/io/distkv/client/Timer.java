package io.distkv.client;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Time as the client sees it; a test has its own. Thread-safe. */
interface Timer extends AutoCloseable {

  /** Nanoseconds since some moment; never falls, and never overflows. */
  long nanos();

  /**
   * Runs a short task later, on the timer's thread.
   *
   * @return what takes it back, if it has not begun
   */
  Runnable after(long delayNanos, Runnable task);

  @Override
  void close();

  /** The machine's time, and one thread. */
  static Timer start() {
    long began = System.nanoTime();
    ScheduledThreadPoolExecutor thread =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("distkv-client-timer").daemon().factory());
    thread.setRemoveOnCancelPolicy(true);
    return new Timer() {
      @Override
      public long nanos() {
        return System.nanoTime() - began;
      }

      @Override
      public Runnable after(long delayNanos, Runnable task) {
        try {
          ScheduledFuture<?> scheduled = thread.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
          return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException e) {
          // Closed: whoever waits is told by the close itself.
          return () -> {};
        }
      }

      @Override
      public void close() {
        thread.shutdownNow();
      }
    };
  }
}
