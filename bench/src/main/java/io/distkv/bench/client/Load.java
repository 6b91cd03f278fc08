package io.distkv.bench.client;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/** One thread that begins operations as long as fewer than a number of them are under way. */
final class Load {
  private static final int STALL_SECONDS = 30;

  private final Contender contender;
  private final int inFlight;
  private final Semaphore free;
  private final LongAdder done = new LongAdder();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  Load(Contender contender, int inFlight) {
    this.contender = contender;
    this.inFlight = inFlight;
    this.free = new Semaphore(inFlight);
  }

  /**
   * Runs for so long, and waits for the last ones.
   *
   * @param most operations at most
   * @param server whose processor time is measured
   */
  Result run(Duration length, long most, ProcessHandle server) throws InterruptedException {
    ConcurrentHistogram waits = new ConcurrentHistogram(TimeUnit.SECONDS.toNanos(STALL_SECONDS), 3);
    waits.setAutoResize(true);
    long doneBefore = done.sum();
    Duration processorBefore = processorTime(server);
    long began = System.nanoTime();
    long begun = 0;
    while (System.nanoTime() - began < length.toNanos() && begun < most) {
      await(1);
      begun++;
      long at = System.nanoTime();
      contender.begin(thrown -> {
        if (thrown == null) {
          done.increment();
          waits.recordValue(System.nanoTime() - at);
        } else {
          failure.set(thrown);
        }
        free.release();
      });
    }
    await(inFlight);
    double seconds = (System.nanoTime() - began) / 1e9;
    free.release(inFlight);
    long operations = done.sum() - doneBefore;
    return new Result(
        operations / seconds,
        waits.getValueAtPercentile(50) / 1e6,
        waits.getValueAtPercentile(99) / 1e6,
        processorTime(server).minus(processorBefore).toNanos() / 1e3 / operations);
  }

  private void await(int permits) throws InterruptedException {
    if (!free.tryAcquire(permits, STALL_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("no answer for " + STALL_SECONDS + " s");
    }
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new IllegalStateException("an operation failed: " + thrown.getMessage(), thrown);
    }
  }

  private static Duration processorTime(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
