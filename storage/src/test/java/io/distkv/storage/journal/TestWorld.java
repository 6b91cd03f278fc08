package io.distkv.storage.journal;

import io.distkv.base.Disk;
import io.distkv.base.Lane;
import io.distkv.base.Randomness;
import io.distkv.base.Workers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * A lane and its workers on the test's own thread: tasks run when the test says so, in an order
 * drawn from a seed, in virtual time.
 */
final class TestWorld {
  private final Random random;
  private final ArrayDeque<Runnable> laneTasks = new ArrayDeque<>();
  private final ArrayDeque<Runnable> turnEndTasks = new ArrayDeque<>();
  private final ArrayDeque<Runnable> syncTasks = new ArrayDeque<>();
  private final ArrayDeque<Runnable> backgroundTasks = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(
          Comparator.comparingLong((Timer timer) -> timer.dueNanos)
              .thenComparingLong(timer -> timer.order));
  private long nowNanos;
  private long timerOrder;
  private boolean inTurn;

  final Lane lane = new TestLane();
  final Workers sync = new TestWorkers(syncTasks);
  final Workers background = new TestWorkers(backgroundTasks);

  TestWorld(long seed) {
    random = new Random(seed);
  }

  JournalEnvironment environment(Disk disk, String directory) {
    Randomness randomness = random::nextLong;
    return new JournalEnvironment(disk, directory, 7, lane, sync, background, randomness);
  }

  /** One lane turn in which the task runs. */
  void turn(Runnable task) {
    inTurn = true;
    task.run();
    while (!turnEndTasks.isEmpty()) {
      turnEndTasks.remove().run();
    }
    inTurn = false;
  }

  /** Runs one waiting task of the lane or a worker; false if there is none. */
  boolean step() {
    List<BooleanSupplier> choices =
        new ArrayList<>(List.of(this::stepLane, this::stepSync, this::stepBackground));
    Collections.shuffle(choices, random);
    return choices.stream().anyMatch(BooleanSupplier::getAsBoolean);
  }

  private boolean stepLane() {
    Runnable task = laneTasks.poll();
    if (task != null) {
      turn(task);
    }
    return task != null;
  }

  /** Runs one waiting task of the sync worker; false if there is none. */
  boolean stepSync() {
    return run(syncTasks);
  }

  /** Runs one waiting task of the background workers; false if there is none. */
  boolean stepBackground() {
    return run(backgroundTasks);
  }

  private static boolean run(ArrayDeque<Runnable> queue) {
    Runnable task = queue.poll();
    if (task != null) {
      task.run();
    }
    return task != null;
  }

  /** Runs the tasks that wait for the lane. */
  void runLane() {
    while (stepLane()) {}
  }

  /** Runs everything that waits, and what that brings, but no timers. */
  void settle() {
    while (step()) {}
  }

  /** Lets time pass, with everything that happens in it. */
  void pass(long nanos) {
    long untilNanos = nowNanos + nanos;
    settle();
    for (Timer next = timers.peek();
        next != null && next.dueNanos <= untilNanos;
        next = timers.peek()) {
      timers.remove();
      nowNanos = next.dueNanos;
      turn(next.task);
      settle();
    }
    nowNanos = untilNanos;
  }

  int timerCount() {
    return timers.size();
  }

  private record Timer(long dueNanos, long order, Runnable task) {}

  private final class TestLane implements Lane {
    @Override
    public int index() {
      return 0;
    }

    @Override
    public boolean inLane() {
      return true;
    }

    @Override
    public boolean offer(Runnable task) {
      laneTasks.add(task);
      return true;
    }

    @Override
    public void complete(Runnable task) {
      laneTasks.add(task);
    }

    @Override
    public void atTurnEnd(Runnable task) {
      if (!inTurn) {
        throw new IllegalStateException("no turn of the lane is under way");
      }
      turnEndTasks.add(task);
    }

    @Override
    public Cancellable schedule(long delayNanos, Runnable task) {
      Timer timer = new Timer(nowNanos + delayNanos, timerOrder++, task);
      timers.add(timer);
      return () -> timers.remove(timer);
    }
  }

  private record TestWorkers(ArrayDeque<Runnable> queue) implements Workers {
    @Override
    public boolean offer(Runnable task) {
      queue.add(task);
      return true;
    }

    @Override
    public void execute(Runnable task) {
      queue.add(task);
    }

    @Override
    public void schedule(long delayNanos, Runnable task) {
      throw new UnsupportedOperationException("journals do not throttle their workers");
    }
  }
}
