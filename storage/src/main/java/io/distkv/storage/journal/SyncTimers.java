package io.distkv.storage.journal;

import io.distkv.base.Lane;
import java.util.ArrayList;
import java.util.List;

/**
 * When the next sync is due of those that records asked for within some time. A sync covers all
 * that was appended before it, so the first that is due serves all who wait.
 *
 * <p>A shorter time that comes later gets a timer beside those that run: one of them may be due
 * sooner still. A longer one needs none. So there are never more timers than distinct times.
 *
 * <p>Used on the journal's lane only.
 */
final class SyncTimers {
  private final Lane lane;
  private final Runnable sync;
  private final List<Lane.Cancellable> running = new ArrayList<>(1);
  private long shortestNanos;

  /**
   * @param sync makes everything durable that was appended until then
   */
  SyncTimers(Lane lane, Runnable sync) {
    this.lane = lane;
    this.sync = sync;
  }

  /** Sees to it that a sync begins within this time from now. */
  void within(long nanos) {
    if (running.isEmpty() || nanos < shortestNanos) {
      shortestNanos = nanos;
      running.add(lane.schedule(nanos, this::due));
    }
  }

  private void due() {
    cancel();
    sync.run();
  }

  /** Forgets what was asked for. */
  void cancel() {
    running.forEach(Lane.Cancellable::cancel);
    running.clear();
  }
}
