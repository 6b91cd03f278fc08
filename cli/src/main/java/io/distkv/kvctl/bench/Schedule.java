package io.distkv.kvctl.bench;

import java.util.concurrent.atomic.AtomicLong;

/** When the operations of a benchmark are due, and when it is over. All instants are nanoTime. */
final class Schedule {
  private final BenchPlan plan;
  private final long startNanos;
  private final long endNanos;
  private final AtomicLong left;

  Schedule(BenchPlan plan, long startNanos, long measureFromNanos) {
    this.plan = plan;
    this.startNanos = startNanos;
    this.endNanos = measureFromNanos + measuredNanos(plan);
    this.left = new AtomicLong(plan.count());
  }

  /** In an open loop a number of operations is a length of time. */
  private static long measuredNanos(BenchPlan plan) {
    long nanos = plan.duration().toNanos();
    if (plan.isOpenLoop() && plan.count() != Long.MAX_VALUE) {
      return Math.min(nanos, (long) Math.ceil(plan.count() / plan.rate() * 1e9));
    }
    return nanos;
  }

  long startNanos() {
    return startNanos;
  }

  /**
   * When the n-th operation of a connection is due in an open loop: the connections take turns, so
   * that together they keep the rate evenly.
   */
  long dueNanos(int connection, long n) {
    double operation = connection + (double) n * plan.connections();
    return startNanos + Math.round(operation / plan.rate() * 1e9);
  }

  boolean isOver(long nanos) {
    return nanos - endNanos >= 0;
  }

  /** The instant at which even late operations are given up. */
  boolean isGivenUp(long nanos) {
    return nanos - endNanos >= plan.target().timeout().toNanos();
  }

  /** In a closed loop: takes up to so many measured operations; 0 when there are no more. */
  int take(int wanted) {
    long before = left.getAndUpdate(l -> Math.max(0, l - wanted));
    return (int) Math.min(wanted, before);
  }
}
