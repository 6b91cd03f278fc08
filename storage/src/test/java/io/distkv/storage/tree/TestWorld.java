package io.distkv.storage.tree;

import io.distkv.base.Clock;
import io.distkv.base.Lane;
import io.distkv.base.Workers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A lane, workers and a clock on the calling thread. The lane's tasks run in order; of the workers'
 * tasks any may be next, as the seed has it. Time passes only when nothing else can happen.
 */
final class TestWorld implements Clock {
  private record Timed(long atNanos, long sequence, Runnable task) {}

  /** Longer than upkeep ever waits to try something again, shorter than an aging tree waits. */
  private static final long A_WHILE_NANOS = 30_000_000_000L;

  private final Random random;
  private final List<Runnable> lane = new ArrayList<>();
  private final List<Runnable> workers = new ArrayList<>();
  private final PriorityQueue<Timed> timers =
      new PriorityQueue<>(
          Comparator.comparingLong(Timed::atNanos).thenComparingLong(Timed::sequence));
  private long nowNanos;
  private long sequence;
  private boolean inLane;

  TestWorld(long seed) {
    random = new Random(seed);
  }

  final Lane laneView = new TestLane();
  final Workers workersView = new TestWorkers();

  /** Runs one task if one is ready; returns whether there was one. */
  boolean runOne() {
    int choices = (lane.isEmpty() ? 0 : 1) + workers.size();
    if (choices == 0) {
      return false;
    }
    int choice = random.nextInt(choices);
    if (choice == workers.size()) {
      inLane = true;
      lane.remove(0).run();
      inLane = false;
    } else {
      workers.remove(choice).run();
    }
    return true;
  }

  /** Runs some tasks, not necessarily all. */
  void runSome(int most) {
    for (int i = random.nextInt(most + 1); i > 0 && runOne(); i--) {}
  }

  /** Runs everything that is ready, and lets time pass up to a bound for what is due later. */
  void runAll(long untilNanos) {
    while (true) {
      while (runOne()) {}
      Timed next = timers.peek();
      if (next == null || next.atNanos > untilNanos) {
        return;
      }
      timers.remove();
      nowNanos = Math.max(nowNanos, next.atNanos);
      next.task.run();
    }
  }

  /** Runs everything, timers included, until nothing is left to do for a while. */
  void runAll() {
    runAll(nowNanos + A_WHILE_NANOS);
  }

  /** How many timers have not fired yet. */
  int timers() {
    return timers.size();
  }

  @Override
  public long wallMillis() {
    return nowNanos / 1_000_000;
  }

  @Override
  public long monotonicNanos() {
    return nowNanos;
  }

  private Timed later(long delayNanos, Runnable task) {
    Timed timed = new Timed(nowNanos + delayNanos, sequence++, task);
    timers.add(timed);
    return timed;
  }

  private final class TestLane implements Lane {
    @Override
    public int index() {
      return 0;
    }

    @Override
    public boolean inLane() {
      return inLane;
    }

    @Override
    public boolean offer(Runnable task) {
      lane.add(task);
      return true;
    }

    @Override
    public void complete(Runnable task) {
      lane.add(task);
    }

    @Override
    public void atTurnEnd(Runnable task) {
      lane.add(task);
    }

    @Override
    public Cancellable schedule(long delayNanos, Runnable task) {
      boolean[] cancelled = {false};
      Timed timed =
          later(
              delayNanos,
              () ->
                  lane.add(() -> {
                    if (!cancelled[0]) {
                      task.run();
                    }
                  }));
      return () -> {
        cancelled[0] = true;
        timers.remove(timed);
      };
    }
  }

  private final class TestWorkers implements Workers {
    @Override
    public boolean offer(Runnable task) {
      workers.add(task);
      return true;
    }

    @Override
    public void execute(Runnable task) {
      workers.add(task);
    }

    @Override
    public void schedule(long delayNanos, Runnable task) {
      later(delayNanos, () -> workers.add(task));
    }
  }
}
