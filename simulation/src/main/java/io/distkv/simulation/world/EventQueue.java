package io.distkv.simulation.world;

import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * The one queue of a simulated world, and its time. Events run one at a time in the order (virtual
 * time, sequence number), on the caller's thread; nothing else moves the time but {@link #pass}.
 */
public final class EventQueue {
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Trace trace;
  private long nowNanos;
  private long nextSequence;

  public EventQueue(Trace trace) {
    this.trace = trace;
    trace.timeFrom(() -> nowNanos);
  }

  public Trace trace() {
    return trace;
  }

  /** Virtual time since the world began. */
  public long nowNanos() {
    return nowNanos;
  }

  /** Lets time pass in the middle of an event; what falls due meanwhile runs after it. */
  public void pass(long nanos) {
    nowNanos += nanos;
  }

  /** Queues an event {@code delayNanos} from now. */
  public void after(long delayNanos, String name, Runnable task) {
    events.add(new Event(nowNanos + Math.max(0, delayNanos), nextSequence++, name, task));
  }

  /** Runs the next event; false if there is none. */
  public boolean step() {
    Event event = events.poll();
    if (event == null) {
      return false;
    }
    nowNanos = Math.max(nowNanos, event.nanos);
    trace.event("run", event.name, nowNanos, event.sequence);
    event.task.run();
    return true;
  }

  /**
   * Runs events until the condition holds.
   *
   * @throws IllegalStateException if the queue runs dry, or {@code withinNanos} pass, before it
   *     does: something waits for what never comes
   */
  public void runUntil(BooleanSupplier condition, long withinNanos, String what) {
    long deadline = nowNanos + withinNanos;
    while (!condition.getAsBoolean()) {
      if (events.isEmpty()) {
        throw new IllegalStateException(what + ": nothing left that could bring it about");
      }
      if (nowNanos > deadline) {
        throw new IllegalStateException(what + ": not within " + withinNanos / 1e9 + " s");
      }
      step();
    }
  }

  /** Runs everything that falls due within the next {@code nanos}. */
  public void runFor(long nanos) {
    long end = nowNanos + nanos;
    for (Event next = events.peek(); next != null && next.nanos <= end; next = events.peek()) {
      step();
    }
    nowNanos = Math.max(nowNanos, end);
  }

  private record Event(long nanos, long sequence, String name, Runnable task)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(nanos, other.nanos);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }
}
