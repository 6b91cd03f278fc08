package io.distkv.simulation.world;

import io.distkv.base.Lane;
import java.util.ArrayDeque;

/**
 * A lane whose turns are events of the world. When a turn comes and how many of the waiting tasks
 * it takes are drawn from the seed; tasks run in the order in which they came.
 */
public final class SimulatedLane implements Lane {
  private final SimulatedProcess process;
  private final int index;
  private int queueTasks;
  private final String turnName;
  private final String timerName;
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final ArrayDeque<Runnable> turnEnd = new ArrayDeque<>();
  private boolean turnQueued;
  private boolean running;

  SimulatedLane(SimulatedProcess process, int index, int queueTasks) {
    this.process = process;
    this.index = index;
    this.queueTasks = queueTasks;
    this.turnName = "lane " + index;
    this.timerName = "lane " + index + " timer";
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public boolean inLane() {
    return running;
  }

  /** From here on, so many waiting tasks are too many for another offered one. */
  public void bound(int offeredTasks) {
    queueTasks = offeredTasks;
  }

  @Override
  public boolean offer(Runnable task) {
    if (tasks.size() >= queueTasks) {
      return false;
    }
    complete(task);
    return true;
  }

  @Override
  public void complete(Runnable task) {
    tasks.add(task);
    queueTurn();
  }

  @Override
  public void atTurnEnd(Runnable task) {
    if (!running) {
      throw new IllegalStateException("atTurnEnd off lane " + index);
    }
    turnEnd.add(task);
  }

  @Override
  public Cancellable schedule(long delayNanos, Runnable task) {
    Timer timer = new Timer(task);
    process.timer(delayNanos, timerName, () -> complete(timer));
    return timer;
  }

  /**
   * Runs a task on this lane at once, as a turn of its own: how a node is started before the queue
   * turns.
   */
  public void runNow(Runnable task) {
    runTurn(() -> task.run());
  }

  private void queueTurn() {
    if (!turnQueued) {
      turnQueued = true;
      process.after(process.delay(), turnName, this::turn);
    }
  }

  private void turn() {
    turnQueued = false;
    runTurn(() -> {
      // Some turns take what waited when they began, some fewer, some also what is added to
      // them.
      int most = process.random().below(3) == 0 ? 1 + process.random().below(4) : Integer.MAX_VALUE;
      for (int taken = 0; taken < most && !tasks.isEmpty(); taken++) {
        tasks.remove().run();
      }
    });
    if (!tasks.isEmpty()) {
      queueTurn();
    }
  }

  private void runTurn(Runnable body) {
    if (running) {
      throw new IllegalStateException("lane " + index + " entered twice");
    }
    running = true;
    try {
      body.run();
      while (!turnEnd.isEmpty()) {
        turnEnd.remove().run();
      }
    } finally {
      running = false;
    }
  }

  private static final class Timer implements Cancellable, Runnable {
    private final Runnable task;
    private boolean cancelled;

    Timer(Runnable task) {
      this.task = task;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public void run() {
      if (!cancelled) {
        task.run();
      }
    }
  }
}
