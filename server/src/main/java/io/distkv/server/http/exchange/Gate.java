package io.distkv.server.http.exchange;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets requests of a kind in: so many at a time, and none before the node serves. Any thread. */
public final class Gate {
  private final int most;
  private final String what;
  private final Semaphore free;
  private volatile boolean open;

  /**
   * A gate that is closed.
   *
   * @param most requests at a time
   * @param what they are, with the setting that bounds them, for the error
   */
  public Gate(int most, String what) {
    this.most = most;
    this.what = what;
    free = new Semaphore(most);
  }

  /** From now on requests may come. */
  public void open() {
    open = true;
  }

  /** Lets a request in, which has to leave again; or ends it with a problem. */
  void enter() {
    requireOpen();
    if (!free.tryAcquire()) {
      throw new ProblemException(
          Problem.unavailable("the node serves " + most + " " + what + " already"));
    }
    if (!open) {
      free.release();
      requireOpen();
    }
  }

  private void requireOpen() {
    if (!open) {
      throw new ProblemException(
          Problem.unavailable("the node starts or stops and serves no data; see /readyz"));
    }
  }

  void leave() {
    free.release();
  }

  /** Requests that are under way. */
  int inside() {
    return most - free.availablePermits();
  }

  /** Lets nobody in any more. */
  public void close() {
    open = false;
  }

  /** Waits until all have left, at most for so long. */
  public void awaitEmpty(long timeoutNanos) throws InterruptedException {
    if (free.tryAcquire(most, timeoutNanos, TimeUnit.NANOSECONDS)) {
      free.release(most);
    }
  }
}
