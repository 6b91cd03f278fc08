package io.distkv.platform;

import io.distkv.base.Lane;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/**
 * A lane on a Netty event loop, which may serve sockets too: their reads belong to the turn that
 * they happen in.
 *
 * <p>Tasks from other threads wait in a queue of this class, and the event loop gets one task of
 * its own, {@link #drain}, when the first arrives. A drain runs what was queued when it began, then
 * the turn ends, then the loop looks at its sockets; only after that comes the next drain. So a
 * turn is never stretched by those who keep queueing, and sockets and tasks share the lane fairly.
 * Had each task been given to the event loop itself, a turn would have lasted as long as tasks kept
 * coming, and every task would have cost a wake-up test and a place in a linked queue.
 *
 * <p>Offers and completions share the queue, hence keep their order; only offers are refused when
 * it is long. The bound is exact for one producer and passed by at most one task for each further
 * one that offers at the same instant.
 *
 * <p>Invariant: {@code scheduled} is true from the moment a drain is given to the loop until the
 * end of the turn it ran in, so there is never more than one.
 */
final class NettyLane implements Lane {
  private static final int QUEUE_CHUNK_TASKS = 1024;

  private final int index;
  private final SingleThreadEventLoop loop;
  private final UncaughtExceptionHandler onUncaught;
  private final int mostQueuedTasks;
  private final MpscUnboundedAtomicArrayQueue<Runnable> queue =
      new MpscUnboundedAtomicArrayQueue<>(QUEUE_CHUNK_TASKS);
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final ArrayDeque<Runnable> turnEndTasks = new ArrayDeque<>();
  private final Runnable drain = this::drain;
  private final Runnable endTurn = this::endTurn;
  private boolean turnEndPending;
  private boolean drained;

  NettyLane(
      int index,
      SingleThreadEventLoop loop,
      int mostQueuedTasks,
      UncaughtExceptionHandler onUncaught) {
    this.index = index;
    this.loop = loop;
    this.mostQueuedTasks = mostQueuedTasks;
    this.onUncaught = onUncaught;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public boolean inLane() {
    return loop.inEventLoop();
  }

  @Override
  public boolean offer(Runnable task) {
    if (queue.size() >= mostQueuedTasks) {
      return false;
    }
    complete(task);
    return true;
  }

  @Override
  public void complete(Runnable task) {
    queue.offer(task);
    scheduleDrain();
  }

  private void scheduleDrain() {
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      loop.execute(drain);
    }
  }

  /** Behind what waits in the event loop, above all the flushes of what was given to sockets. */
  @Override
  public void continueWith(Runnable rest) {
    loop.execute(() -> run(rest));
  }

  private void drain() {
    drained = true;
    requireTurnEnd();
    for (int left = queue.size(); left > 0; left--) {
      Runnable task = queue.poll();
      if (task == null) {
        return;
      }
      run(task);
    }
  }

  @Override
  public void atTurnEnd(Runnable task) {
    turnEndTasks.add(task);
    requireTurnEnd();
  }

  private void requireTurnEnd() {
    if (!turnEndPending) {
      turnEndPending = true;
      loop.executeAfterEventLoopIteration(endTurn);
    }
  }

  private void endTurn() {
    for (Runnable task = turnEndTasks.poll(); task != null; task = turnEndTasks.poll()) {
      run(task);
    }
    turnEndPending = false;
    if (drained) {
      drained = false;
      scheduled.set(false);
      if (!queue.isEmpty()) {
        scheduleDrain();
      }
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      onUncaught.uncaughtException(Thread.currentThread(), e);
    }
  }

  @Override
  public Cancellable schedule(long delayNanos, Runnable task) {
    ScheduledFuture<?> timer =
        loop.schedule(() -> run(task), Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
    return () -> timer.cancel(false);
  }
}
