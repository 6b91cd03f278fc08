package io.distkv.kvctl.bench;

import io.distkv.kvctl.wire.ConnectionException;
import io.distkv.kvctl.wire.Verb;
import io.distkv.kvctl.wire.Wire;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection that sends as many requests as its pipeline holds, waits for all the replies, and
 * begins again: how fast can the node go? Latency is from the sending of the batch; while the node
 * stalls nothing is sent, so this says little about what a user would wait ({@link OpenLoop} does).
 */
final class ClosedLoop implements Runnable {
  private static final Duration PAUSE = Duration.ofMillis(200);

  /**
   * How many bytes of replies may wait unread while more is sent. It fits what sockets hold; with
   * more, node and client could each wait for ever for the other to read.
   */
  private static final int MOST_REPLY_BYTES = 64 << 10;

  private final BenchPlan plan;
  private final Schedule schedule;
  private final Measurements measurements;
  private final Workload workload;
  private final int connection;
  private @Nullable Wire wire;

  /** How many of the batch have their replies. */
  private int answered;

  ClosedLoop(
      BenchPlan plan,
      Schedule schedule,
      Measurements measurements,
      Workload workload,
      int connection,
      Wire wire) {
    this.plan = plan;
    this.schedule = schedule;
    this.measurements = measurements;
    this.workload = workload;
    this.connection = connection;
    this.wire = wire;
  }

  @Override
  public void run() {
    boolean[] reads = new boolean[plan.pipeline()];
    try {
      Thread.sleep(Duration.ofNanos(Math.max(0, schedule.startNanos() - System.nanoTime())));
      for (long now = System.nanoTime(); !schedule.isOver(now); now = System.nanoTime()) {
        int batch = measurements.counts(now) ? schedule.take(reads.length) : reads.length;
        if (batch == 0 || Thread.currentThread().isInterrupted()) {
          break;
        }
        exchange(reads, batch, now);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (wire != null) {
        wire.close();
      }
    }
  }

  private void exchange(boolean[] reads, int batch, long start) throws InterruptedException {
    answered = 0;
    try {
      Wire current = wire;
      if (current == null) {
        current = Wire.open(plan.target());
        wire = current;
      }
      long replyBytes = 0;
      for (int i = 0; i < batch; i++) {
        if (replyBytes > MOST_REPLY_BYTES) {
          receive(current, reads, i, start);
          replyBytes = 0;
        }
        reads[i] = workload.nextIsRead();
        if (reads[i]) {
          current.send(Verb.GET, workload.nextKey());
          replyBytes += plan.valueBytes();
        } else {
          current.send(Verb.SET, workload.nextKey(), workload.nextValue());
        }
      }
      receive(current, reads, batch, start);
    } catch (ConnectionException e) {
      if (measurements.counts(start) && !Thread.currentThread().isInterrupted()) {
        measurements.recordLost(batch - answered);
      }
      if (wire != null) {
        wire.close();
        wire = null;
      }
      Thread.sleep(PAUSE);
    }
  }

  /** Sends what is buffered and takes the replies to the first so many requests of the batch. */
  private void receive(Wire current, boolean[] reads, int sent, long start)
      throws ConnectionException {
    current.flush();
    while (answered < sent) {
      Object reply = current.read();
      measurements.record(connection, reads[answered], start, reply);
      answered++;
    }
  }
}
