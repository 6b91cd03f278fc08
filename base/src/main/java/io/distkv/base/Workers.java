package io.distkv.base;

/**
 * Threads for work that may block on a disk: syncs, cold reads, flushes, compactions. Each kind has
 * an instance of its own, so that one cannot starve another. In simulation a task is an event on
 * the one queue: a task must therefore never wait for another task.
 */
public interface Workers {

  /**
   * Queues work on behalf of a client.
   *
   * @return false, with nothing queued, when the bounded queue is full: the caller answers {@link
   *     ErrorCode#OVERLOADED}
   */
  boolean offer(Runnable task);

  /**
   * Queues the node's own work, whose amount its owner bounds. Never refused before the workers are
   * shut down.
   */
  void execute(Runnable task);

  /**
   * Queues the node's own work to run {@code delayNanos} from now or later; how throttled work
   * waits.
   */
  void schedule(long delayNanos, Runnable task);
}
