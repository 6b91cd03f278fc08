package io.distkv.client;

import io.distkv.client.PipelineStream.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one connection that share messages. Thread-safe.
 *
 * <p>Those that come wait in a queue. Whoever brings one, or hears that the stream has room,
 * empties the queue into messages as long as the stream has room; if somebody is at that already,
 * that one goes on. The stream has room while less than a message is waiting for the socket. So an
 * operation that comes alone leaves at once, those that come while a message is being written leave
 * together in the next, and no clock is asked.
 *
 * <p>What is in the queue has not been sent, whatever becomes of the stream: it goes to the next
 * one. Only where no stream comes about at all do those that wait fail, since that is how they are
 * told that there is no connection.
 */
final class Pipeline implements Owner {
  private final Connection connection;
  private final Batching batching;
  private final Timer timer;
  private final Queue<PipelinedAttempt<?>> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger work = new AtomicInteger();
  private final AtomicLong wakeNanos = new AtomicLong(Long.MAX_VALUE);

  /** Set by whoever is at work, and read by the sweep. */
  private volatile @Nullable PipelineStream stream;

  Pipeline(Connection connection, Batching batching, Timer timer) {
    this.connection = connection;
    this.batching = batching;
    this.timer = timer;
  }

  void submit(PipelinedAttempt<?> attempt) {
    queue.add(attempt);
    wakeAt(attempt.deadlineNanos());
    proceed();
  }

  /** Sends what can be sent; on any thread. */
  @Override
  public void proceed() {
    if (work.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      send();
      seen = work.addAndGet(-seen);
    } while (seen != 0);
  }

  private void send() {
    while (!queue.isEmpty()) {
      PipelineStream open = stream;
      if (open == null || open.hasEnded()) {
        open = new PipelineStream(connection, this);
        stream = open;
        open.start();
      }
      if (!open.isReady()) {
        return;
      }
      List<PipelinedAttempt<?>> next = take();
      if (!next.isEmpty()) {
        open.send(next);
      }
    }
  }

  private List<PipelinedAttempt<?>> take() {
    List<PipelinedAttempt<?>> taken = new ArrayList<>();
    long sizeBytes = 0;
    while (taken.size() < batching.operations() && sizeBytes < batching.bytes()) {
      PipelinedAttempt<?> next = queue.poll();
      if (next == null) {
        break;
      }
      if (next.beginSending()) {
        taken.add(next);
        sizeBytes += next.call().sizeBytes();
      }
    }
    return taken;
  }

  /** A stream has ended that never began: what waits for it is told. */
  @Override
  public void unreachable(AttemptEnd end) {
    // Those alone that are there now: one that is tried again comes back to this queue.
    for (int i = queue.size(); i > 0; i--) {
      PipelinedAttempt<?> next = queue.poll();
      if (next == null) {
        break;
      }
      next.broken(end, false);
    }
  }

  /**
   * Sees to it that those whose time is up are told. Deadlines come in their order, mostly, so one
   * look per deadline's length is what it comes to.
   */
  private void wakeAt(long nanos) {
    long before = wakeNanos.get();
    while (nanos < before) {
      long seen = wakeNanos.compareAndExchange(before, nanos);
      if (seen == before) {
        timer.after(Math.max(0, nanos - timer.nanos()), () -> sweep(nanos));
        return;
      }
      before = seen;
    }
  }

  private void sweep(long at) {
    // An earlier wake-up may have been asked for since: then this one has nothing to reset.
    wakeNanos.compareAndSet(at, Long.MAX_VALUE);
    long now = timer.nanos();
    long earliest = Long.MAX_VALUE;
    List<PipelinedAttempt<?>> all = new ArrayList<>(queue);
    PipelineStream open = stream;
    if (open != null) {
      all.addAll(open.underWay());
    }
    for (PipelinedAttempt<?> each : all) {
      if (each.deadlineNanos() <= now) {
        each.expired();
      } else if (!each.isOver()) {
        earliest = Math.min(earliest, each.deadlineNanos());
      }
    }
    if (open != null) {
      open.forgetThoseOver();
    }
    queue.removeIf(PipelinedAttempt::isOver);
    if (earliest != Long.MAX_VALUE) {
      wakeAt(earliest);
    }
  }
}
