package io.distkv.node.world;

import io.distkv.base.Lane;
import java.util.ArrayDeque;
import java.util.Queue;

/** A lane of a {@link TestWorld}, with turns like those of a real one. */
public final class TestLane implements Lane {
  private final TestWorld world;
  private final int index;
  private final Queue<Runnable> queue = new ArrayDeque<>();
  private final Queue<Runnable> turnEnd = new ArrayDeque<>();
  private int bound = Integer.MAX_VALUE;
  private boolean running;

  TestLane(TestWorld world, int index) {
    this.world = world;
    this.index = index;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public boolean inLane() {
    return running;
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
  public void complete(Runnable task) {
    queue.add(task);
  }

  @Override
  public void atTurnEnd(Runnable task) {
    if (!running) {
      throw new IllegalStateException("not on lane " + index);
    }
    turnEnd.add(task);
  }

  @Override
  public Cancellable schedule(long delayNanos, Runnable task) {
    return world.at(delayNanos, () -> queue.add(task));
  }

  /** How many offered tasks may wait. */
  public void bound(int tasks) {
    bound = tasks;
  }

  /** Runs what was queued when it begins, as one turn. */
  boolean runTurn() {
    int tasks = queue.size();
    if (tasks == 0) {
      return false;
    }
    running = true;
    for (int i = 0; i < tasks; i++) {
      Runnable task = queue.poll();
      if (task != null) {
        world.attempt(task);
      }
    }
    for (Runnable task = turnEnd.poll(); task != null; task = turnEnd.poll()) {
      world.attempt(task);
    }
    running = false;
    return true;
  }
}
