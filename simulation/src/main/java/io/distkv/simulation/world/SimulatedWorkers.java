package io.distkv.simulation.world;

import io.distkv.base.Workers;
import java.util.ArrayDeque;

/**
 * A pool of workers whose tasks are events of the world. Each task that has a thread runs whole,
 * after a delay drawn from the seed; with several threads, tasks overtake each other.
 */
public final class SimulatedWorkers implements Workers {
  private final SimulatedProcess process;
  private final String kind;
  private final int threads;
  private int queueTasks;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private int underWay;

  SimulatedWorkers(SimulatedProcess process, String kind, int threads, int queueTasks) {
    this.process = process;
    this.kind = kind;
    this.threads = threads;
    this.queueTasks = queueTasks;
  }

  /** From here on, so many offered tasks are held before more are refused. */
  public void bound(int tasks) {
    queueTasks = tasks;
  }

  @Override
  public boolean offer(Runnable task) {
    if (waiting.size() >= queueTasks) {
      return false;
    }
    execute(task);
    return true;
  }

  @Override
  public void execute(Runnable task) {
    waiting.add(task);
    startNext();
  }

  @Override
  public void schedule(long delayNanos, Runnable task) {
    process.after(delayNanos, kind + " timer", () -> execute(task));
  }

  private void startNext() {
    if (underWay == threads || waiting.isEmpty()) {
      return;
    }
    Runnable task = waiting.remove();
    underWay++;
    process.after(
        process.delay() + process.workNanos(),
        kind,
        () -> {
          try {
            task.run();
          } finally {
            underWay--;
            startNext();
          }
        });
  }
}
