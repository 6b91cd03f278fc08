package io.distkv.node.world;

import io.distkv.base.Workers;
import java.util.ArrayDeque;
import java.util.Queue;

/** Workers of a {@link TestWorld}: their tasks wait until the world runs, or are held back. */
public final class TestWorkers implements Workers {
  private final TestWorld world;
  private final Queue<Runnable> queue = new ArrayDeque<>();
  private boolean held;
  private int bound = Integer.MAX_VALUE;

  TestWorkers(TestWorld world) {
    this.world = world;
  }

  @Override
  public boolean offer(Runnable task) {
    if (queue.size() >= bound) {
      return false;
    }
    queue.add(task);
    return true;
  }

  @Override
  public void execute(Runnable task) {
    queue.add(task);
  }

  @Override
  public void schedule(long delayNanos, Runnable task) {
    world.at(delayNanos, () -> queue.add(task));
  }

  /** From here on nothing runs, until {@link #release}. */
  public void hold() {
    held = true;
  }

  public void release() {
    held = false;
  }

  /** How many tasks may wait. */
  public void bound(int tasks) {
    bound = tasks;
  }

  /** How many tasks wait. */
  public int waiting() {
    return queue.size();
  }

  /** Runs what waits now, held or not, and nothing else of the world. */
  public void runAll() {
    for (int left = queue.size(); left > 0; left--) {
      world.attempt(queue.remove());
    }
  }

  boolean runOne() {
    Runnable task = held ? null : queue.poll();
    if (task != null) {
      world.attempt(task);
    }
    return task != null;
  }
}
