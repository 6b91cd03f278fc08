package io.distkv.kvctl.bench;

import io.distkv.kvctl.Failure;
import io.distkv.kvctl.Kvctl;
import io.distkv.kvctl.Progress;
import io.distkv.kvctl.wire.ConnectionException;
import io.distkv.kvctl.wire.Pipeline;
import io.distkv.kvctl.wire.ServerError;
import io.distkv.kvctl.wire.Verb;
import io.distkv.kvctl.wire.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs a plan: a virtual thread for each connection, from one common start. */
final class BenchRun {
  private static final Duration GET_READY = Duration.ofMillis(20);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final int FILL_WINDOW = 1024;
  private static final long FILL_WINDOW_BYTES = 32 << 20;

  private final Kvctl kvctl;
  private final BenchPlan plan;
  private final byte[] pool;

  BenchRun(Kvctl kvctl, BenchPlan plan) {
    this.kvctl = kvctl;
    this.plan = plan;
    this.pool = Workload.pool(plan);
  }

  /** Writes every key once, so that reads find something. */
  void fill() throws ConnectionException {
    Workload workload = new Workload(plan, pool, -1);
    try (Progress progress =
            new Progress(kvctl, "kvctl bench: filling", "keys", plan.keys(), " keys", 1);
        Pipeline<Long> pipeline =
            new Pipeline<>(
                Wire.open(plan.target()),
                Pipeline.Window.bulk(FILL_WINDOW, FILL_WINDOW_BYTES),
                (_, reply) -> {
                  if (reply instanceof ServerError error) {
                    throw error.failure("fill");
                  }
                })) {
      for (long key = 0; key < plan.keys(); key++) {
        byte[] value = workload.nextValue();
        pipeline.submit(key, value.length, Verb.SET, workload.key(key), value);
        progress.update(key + 1, key + 1);
      }
      pipeline.drain();
    }
  }

  /**
   * Runs to the end; an interrupt ends it early, and then the measurements are of what was done.
   */
  Measurements run() throws ConnectionException {
    // Connections come first: that many handshakes are no part of what is measured.
    List<Wire> wires = connect();
    long start = System.nanoTime() + GET_READY.toNanos();
    long measureFrom = start + plan.warmUp().toNanos();
    Measurements measurements = new Measurements(measureFrom);
    Schedule schedule = new Schedule(plan, start, measureFrom);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < wires.size(); i++) {
      Workload workload = new Workload(plan, pool, i);
      Runnable loop =
          plan.isOpenLoop()
              ? new OpenLoop(plan, schedule, measurements, workload, i, wires.get(i))
              : new ClosedLoop(plan, schedule, measurements, workload, i, wires.get(i));
      threads.add(Thread.ofVirtual().name("bench-" + i).start(loop));
    }
    watch(threads, start, measurements);
    return measurements;
  }

  private List<Wire> connect() throws ConnectionException {
    List<Wire> wires = new ArrayList<>();
    try {
      for (int i = 0; i < plan.connections(); i++) {
        wires.add(Wire.open(plan.target()));
      }
      return wires;
    } catch (ConnectionException | Failure e) {
      wires.forEach(Wire::close);
      throw e;
    }
  }

  private void watch(List<Thread> threads, long start, Measurements measurements) {
    long totalMillis = plan.warmUp().plus(plan.duration()).toMillis();
    try (Progress progress = new Progress(kvctl, "kvctl bench", "ops", totalMillis, " s", 1_000)) {
      for (Thread thread : threads) {
        while (!thread.join(LOOK)) {
          long millis = (System.nanoTime() - start) / 1_000_000;
          progress.update(Math.clamp(millis, 0, totalMillis), measurements.completed());
        }
      }
    } catch (InterruptedException e) {
      threads.forEach(Thread::interrupt);
      Thread.currentThread().interrupt();
    }
  }
}
