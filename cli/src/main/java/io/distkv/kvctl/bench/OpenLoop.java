package io.distkv.kvctl.bench;

import io.distkv.kvctl.Failure;
import io.distkv.kvctl.wire.ConnectionException;
import io.distkv.kvctl.wire.Pipeline;
import io.distkv.kvctl.wire.Verb;
import io.distkv.kvctl.wire.Wire;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection whose operations are due at instants that the rate gives, whatever the node does:
 * how long would users wait? An operation that could not be sent when it was due (the pipeline was
 * full, because the node had stalled) is sent late and timed from when it was due.
 *
 * <p>All operations that were due before the end are sent, also after the end: the late ones are
 * the slow ones. What cannot be sent within the timeout after the end is counted as unsent.
 */
final class OpenLoop implements Runnable {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private record Operation(long dueNanos, boolean read) {}

  private final BenchPlan plan;
  private final Schedule schedule;
  private final Measurements measurements;
  private final Workload workload;
  private final int connection;
  private @Nullable Pipeline<Operation> pipeline;

  OpenLoop(
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
    this.pipeline = pipelineOn(wire);
  }

  private Pipeline<Operation> pipelineOn(Wire wire) {
    return new Pipeline<>(
        wire,
        Pipeline.Window.prompt(plan.pipeline()),
        (operation, reply) ->
            measurements.record(connection, operation.read(), operation.dueNanos(), reply));
  }

  @Override
  public void run() {
    long n = 0;
    try {
      for (long due = schedule.dueNanos(connection, 0);
          !schedule.isOver(due);
          due = schedule.dueNanos(connection, ++n)) {
        if (schedule.isGivenUp(System.nanoTime())) {
          giveUp(n);
          return;
        }
        while (!perform(due)) {
          if (schedule.isGivenUp(System.nanoTime())) {
            giveUp(n);
            return;
          }
        }
      }
      if (pipeline != null) {
        pipeline.drain();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ConnectionException e) {
      disconnect();
    } catch (Failure e) {
      // A wait for room or for the last replies was interrupted: the benchmark is over.
      Thread.currentThread().interrupt();
    } finally {
      disconnect();
    }
  }

  /**
   * Whether the operation is on its way, or was when the connection broke; else it is tried again.
   */
  private boolean perform(long due) throws InterruptedException {
    Operation operation = new Operation(due, workload.nextIsRead());
    try {
      Pipeline<Operation> current = pipeline;
      if (current == null) {
        current = pipelineOn(Wire.open(plan.target()));
        pipeline = current;
      }
      long early = due - System.nanoTime();
      if (early > 0) {
        current.flush();
        Thread.sleep(Duration.ofNanos(early));
      }
      if (operation.read()) {
        current.submit(operation, 0, Verb.GET, workload.nextKey());
      } else {
        current.submit(operation, 0, Verb.SET, workload.nextKey(), workload.nextValue());
      }
      return true;
    } catch (ConnectionException e) {
      boolean lost = disconnect().contains(operation);
      Thread.sleep(PAUSE);
      return lost;
    }
  }

  /** Closes the connection and counts what was under way on it, which is the answer. */
  private List<Operation> disconnect() {
    if (pipeline == null) {
      return List.of();
    }
    pipeline.close();
    List<Operation> lost = pipeline.unanswered();
    pipeline = null;
    if (!Thread.currentThread().isInterrupted()) {
      measurements.recordLost(
          lost.stream().filter(operation -> measurements.counts(operation.dueNanos())).count());
    }
    return lost;
  }

  private void giveUp(long from) {
    long unsent = 0;
    long due = schedule.dueNanos(connection, from);
    for (long n = from; !schedule.isOver(due); due = schedule.dueNanos(connection, ++n)) {
      unsent += measurements.counts(due) ? 1 : 0;
    }
    measurements.recordUnsent(unsent);
  }
}
