package io.distkv.server.http;

import io.distkv.base.Lane;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A lane that keeps what it is offered until it is told to go on. */
final class HeldLane implements Lane {
  private final Lane lane;
  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

  HeldLane(Lane lane) {
    this.lane = lane;
  }

  int held() {
    return held.size();
  }

  void goOn() {
    for (Runnable task = held.poll(); task != null; task = held.poll()) {
      lane.complete(task);
    }
  }

  @Override
  public boolean offer(Runnable task) {
    return held.add(task);
  }

  @Override
  public int index() {
    return lane.index();
  }

  @Override
  public boolean inLane() {
    return lane.inLane();
  }

  @Override
  public void complete(Runnable task) {
    lane.complete(task);
  }

  @Override
  public void atTurnEnd(Runnable task) {
    lane.atTurnEnd(task);
  }

  @Override
  public Cancellable schedule(long delayNanos, Runnable task) {
    return lane.schedule(delayNanos, task);
  }
}
