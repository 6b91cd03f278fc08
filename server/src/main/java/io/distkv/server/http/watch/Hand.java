package io.distkv.server.http.watch;

import io.distkv.base.Lane;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.Change;
import io.distkv.node.watch.ChangeBlock;
import io.distkv.node.watch.LaneWatches;
import io.distkv.node.watch.Watch;
import io.distkv.node.watch.WatchSink;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Hands what a watch finds on its lane over to the thread that sends it, one delivery at a time:
 * the next is asked for when this one was sent. So a client that takes nothing holds one, and what
 * the watch keeps for it.
 */
final class Hand implements WatchSink {
  private final Thread thread = Thread.currentThread();
  private final Lane lane;
  private volatile @Nullable Delivery delivery;

  /** The end; told when what was handed over before it has been taken. */
  private volatile @Nullable Delivery last;

  private volatile boolean gone;

  /** Of the lane alone, as the next is. */
  private @Nullable Watch watch;

  private boolean over;

  /** What is handed over. */
  sealed interface Delivery {
    /** The next changes, and the version up to which everything was told with them. */
    record Changes(List<Change> changes, long through) implements Delivery {}

    /** There are no more. */
    record End(Reply.Failure why) implements Delivery {}
  }

  /** To the thread that makes it. */
  Hand(Lane lane) {
    this.lane = lane;
  }

  /** Begins; whether the lane has room for it. */
  boolean begin(LaneWatches watches, LaneWatches.Wish wish) {
    return lane.offer(() -> {
      if (over) {
        return;
      }
      watch = watches.begin(wish, this);
      if (watch != null && !over) {
        watch.pull();
      }
    });
  }

  @Override
  public void changes(List<ChangeBlock> blocks, long through) {
    delivery = new Delivery.Changes(ChangeBlock.changesOf(blocks), through);
    LockSupport.unpark(thread);
  }

  @Override
  public void ended(Reply.Failure why, long through) {
    over = true;
    last = new Delivery.End(why);
    LockSupport.unpark(thread);
  }

  /** Ends it from outside, behind what was handed over. Any thread. */
  void end(Reply.Failure why) {
    lane.complete(() -> {
      if (!over) {
        if (watch != null) {
          watch.close();
        }
        ended(why, 0);
      }
    });
  }

  /** The client is gone. Any thread. */
  void gone() {
    gone = true;
    LockSupport.unpark(thread);
  }

  /** Whether the client is gone. */
  boolean isGone() {
    return gone;
  }

  /**
   * Waits for the next delivery. On the thread that made it.
   *
   * @param mostNanos how long
   * @return null if there is none yet, or the client is gone
   */
  @Nullable Delivery take(long mostNanos) throws InterruptedException {
    long begin = System.nanoTime();
    while (true) {
      // In this order: a delivery that comes in between is before the end.
      Delivery end = last;
      Delivery next = delivery;
      if (next != null) {
        delivery = null;
        return next;
      }
      if (end != null) {
        return end;
      }
      long left = mostNanos - (System.nanoTime() - begin);
      if (gone || left <= 0) {
        return null;
      }
      LockSupport.parkNanos(this, left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  /** What was taken is sent: there may be more. */
  void sent() {
    lane.complete(() -> {
      if (watch != null && !over) {
        watch.pull();
      }
    });
  }

  /** Nothing is wanted any more. */
  void close() {
    lane.complete(() -> {
      over = true;
      if (watch != null) {
        watch.close();
      }
    });
  }
}
