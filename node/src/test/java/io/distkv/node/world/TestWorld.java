package io.distkv.node.world;

import io.distkv.base.Disk;
import io.distkv.base.Lane;
import io.distkv.base.Randomness;
import io.distkv.base.Workers;
import io.distkv.node.NodeEnvironment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Lanes, workers and a clock on the thread of the test, which says when they run: every order of
 * events can be brought about, and none comes by accident.
 */
public final class TestWorld {
  private static final int MOST_ROUNDS = 1_000_000;

  private final TestClock clock = new TestClock();
  private final List<TestLane> lanes = new ArrayList<>();
  private final List<TestWorkers> sync = new ArrayList<>();
  private final TestWorkers reads = new TestWorkers(this);
  private final TestWorkers background = new TestWorkers(this);
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::nanos).thenComparingLong(Timer::order));
  private final SplittableRandom random = new SplittableRandom(42);
  private final List<Throwable> uncaught = new ArrayList<>();
  private long timersMade;

  private static final class Timer implements Lane.Cancellable {
    private final long nanos;
    private final long order;
    private final Runnable task;
    private boolean cancelled;

    Timer(long nanos, long order, Runnable task) {
      this.nanos = nanos;
      this.order = order;
      this.task = task;
    }

    long nanos() {
      return nanos;
    }

    long order() {
      return order;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  public TestWorld(int laneCount) {
    for (int i = 0; i < laneCount; i++) {
      lanes.add(new TestLane(this, i));
      sync.add(new TestWorkers(this));
    }
  }

  /** What a node needs of this world. */
  public NodeEnvironment environment(Disk disk) {
    Randomness randomness = random::nextLong;
    return new NodeEnvironment(
        disk,
        clock,
        randomness,
        List.<Lane>copyOf(lanes),
        List.<Workers>copyOf(sync),
        reads,
        background);
  }

  Lane.Cancellable at(long delayNanos, Runnable task) {
    Timer timer = new Timer(clock.monotonicNanos() + delayNanos, timersMade++, task);
    timers.add(timer);
    return timer;
  }

  /** Runs a task on a lane, as one turn. */
  public void on(int lane, Runnable task) {
    lanes.get(lane).complete(task);
    lanes.get(lane).runTurn();
  }

  /** What tasks threw: a real lane would log it and go on. */
  public List<Throwable> uncaught() {
    return uncaught;
  }

  void attempt(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | AssertionError e) {
      uncaught.add(e);
    }
  }

  /** Runs everything that can run without time passing. */
  public void run() {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      boolean ran = false;
      for (TestLane lane : lanes) {
        ran |= lane.runTurn();
      }
      for (TestWorkers worker : sync) {
        ran |= worker.runOne();
      }
      ran |= reads.runOne();
      ran |= background.runOne();
      if (!ran) {
        return;
      }
    }
    throw new AssertionError("the world does not come to rest");
  }

  /** Lets time pass, and runs what becomes due on the way. */
  public void advanceMillis(long millis) {
    long end = clock.monotonicNanos() + millis * 1_000_000;
    run();
    for (Timer next = timers.peek(); next != null && next.nanos() <= end; next = timers.peek()) {
      timers.remove();
      clock.advanceNanos(Math.max(0, next.nanos() - clock.monotonicNanos()));
      if (!next.cancelled) {
        next.task.run();
      }
      run();
    }
    clock.advanceNanos(end - clock.monotonicNanos());
  }

  public TestClock clock() {
    return clock;
  }

  public TestLane lane(int index) {
    return lanes.get(index);
  }

  public TestWorkers sync(int lane) {
    return sync.get(lane);
  }

  public TestWorkers reads() {
    return reads;
  }

  public TestWorkers background() {
    return background;
  }
}
