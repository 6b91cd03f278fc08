package io.distkv.simulation.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of a node, from its start to its stop or crash: its lanes and its pools of workers. After
 * {@link #kill} none of its tasks runs any more.
 *
 * <p>An exception that escapes a task would have ended up in a log of a real node; here it ends the
 * run: it leaves {@link EventQueue#step} to whoever drives the world.
 */
public final class SimulatedProcess {
  private final String name;
  private final EventQueue queue;
  private final SimulatedRandomness random;
  private final Delays delays;
  private final List<SimulatedLane> lanes = new ArrayList<>();
  private boolean alive = true;
  private @Nullable SimulatedClock clock;
  private long pausedUntilNanos;
  private long workNanos;
  private boolean ran;

  /** What its events are called: each is said very often. */
  private final Map<String, String> names = new HashMap<>();

  /**
   * @param name how the trace calls it
   * @param lanes how many lanes it has, at least 1
   * @param laneQueueTasks how many offered tasks a lane holds before it refuses more
   */
  public SimulatedProcess(
      String name,
      EventQueue queue,
      SimulatedRandomness random,
      Delays delays,
      int lanes,
      int laneQueueTasks) {
    this.name = name;
    this.queue = queue;
    this.random = random;
    this.delays = delays;
    for (int i = 0; i < lanes; i++) {
      this.lanes.add(new SimulatedLane(this, i, laneQueueTasks));
    }
  }

  public List<SimulatedLane> lanes() {
    return List.copyOf(lanes);
  }

  /**
   * Makes a pool of workers.
   *
   * @param threads how many of its tasks can be under way at once; with one, they run in order
   * @param queueTasks how many offered tasks it holds before it refuses more
   */
  public SimulatedWorkers workers(String kind, int threads, int queueTasks) {
    return new SimulatedWorkers(this, kind, threads, queueTasks);
  }

  /** The process is gone: its events that are still queued do nothing. */
  public void kill() {
    alive = false;
  }

  public boolean alive() {
    return alive;
  }

  /** From here on its timers run on a clock that may drift. */
  public void timersOn(SimulatedClock drifting) {
    clock = drifting;
  }

  /** From here on each task of its workers takes so much longer: their disk is slow. */
  public void slowWork(long nanos) {
    workNanos = nanos;
  }

  long workNanos() {
    return workNanos;
  }

  /** It stands still for so long: whatever falls due meanwhile waits. */
  public void pause(long nanos) {
    pausedUntilNanos = Math.max(pausedUntilNanos, queue.nowNanos() + nanos);
  }

  /** Whether anything of it has run since this was asked last. */
  public boolean takeRan() {
    boolean taken = ran;
    ran = false;
    return taken;
  }

  /** Something comes to it from outside, now or when it goes on after a pause. */
  public void arrive(String what, Runnable task) {
    run(named(what), task);
  }

  SimulatedRandomness random() {
    return random;
  }

  long delay() {
    return delays.next(random);
  }

  void after(long delayNanos, String what, Runnable task) {
    String named = named(what);
    queue.after(delayNanos, named, () -> run(named, task));
  }

  /** Runs a task so much later on the process's own clock. */
  void timer(long delayNanos, String what, Runnable task) {
    after(clock == null ? delayNanos : clock.worldNanos(delayNanos), what, task);
  }

  private String named(String what) {
    return names.computeIfAbsent(what, _ -> name + " " + what);
  }

  private void run(String named, Runnable task) {
    if (!alive) {
      return;
    }
    long pauseNanos = pausedUntilNanos - queue.nowNanos();
    if (pauseNanos > 0) {
      queue.after(pauseNanos, named, () -> run(named, task));
      return;
    }
    ran = true;
    task.run();
  }
}
