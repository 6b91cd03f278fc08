package io.distkv.base;

/**
 * One single-threaded event loop. Every replica belongs to one lane for life, so nothing inside a
 * replica needs a lock.
 *
 * <p>A turn is: drain the queue, run what {@link #atTurnEnd} collected, sleep until the next task.
 * Tasks run to completion and never block: work that waits for a disk goes to {@link Workers} and
 * comes back through {@link #complete}.
 */
public interface Lane {

  /** Which lane of the node this is, from 0. */
  int index();

  /** Whether the caller is running on this lane. */
  boolean inLane();

  /**
   * Queues a task; callable from any thread.
   *
   * @return false, with nothing queued, when the bounded queue is full: the caller answers {@link
   *     ErrorCode#OVERLOADED}
   */
  boolean offer(Runnable task);

  /**
   * Queues the completion of work this lane started; callable from any thread. Never refused,
   * because the number of completions is bounded by the number of starts, which their owners bound.
   */
  void complete(Runnable task);

  /**
   * Goes on with the rest of a long task soon, behind what the lane already has to do, in this turn
   * or in the next. On the lane only. Meanwhile what the task has given to sockets so far can
   * leave, and whoever it is for can work on it while the lane does the rest.
   */
  default void continueWith(Runnable rest) {
    complete(rest);
  }

  /**
   * Runs a task once, after every task of the current turn. On the lane only. A task that is added
   * while the turn end runs is run in the same turn end.
   */
  void atTurnEnd(Runnable task);

  /**
   * Runs a task on this lane once, {@code delayNanos} from now or later. Callable from any thread.
   *
   * @return the handle that can take it back
   */
  Cancellable schedule(long delayNanos, Runnable task);

  /** A scheduled task that can be taken back. */
  interface Cancellable {

    /**
     * Takes the task back; without effect if it has run. On the lane that runs it, it never runs
     * afterwards.
     */
    void cancel();
  }
}
