package io.distkv.bench.client;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a number of operations under way: where one ends the next begins, on the thread that was
 * told of the end. A thread that waited for ends would change places with that one twice for each
 * operation, which takes longer than some servers do. Runs once.
 */
final class Load {
  private static final int STALL_SECONDS = 30;

  private final Contender contender;
  private final int inFlight;
  private final CountDownLatch linesLeft;
  private final AtomicLong begun = new AtomicLong();
  private final LongAdder done = new LongAdder();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final ConcurrentHistogram waits =
      new ConcurrentHistogram(TimeUnit.SECONDS.toNanos(STALL_SECONDS), 3);
  private long mostOperations;
  private long lengthNanos;
  private long beganNanos;

  Load(Contender contender, int inFlight) {
    this.contender = contender;
    this.inFlight = inFlight;
    linesLeft = new CountDownLatch(inFlight);
    waits.setAutoResize(true);
  }

  /**
   * Runs for so long, and waits for the last ones.
   *
   * @param most operations at most
   * @param server whose processor time is measured
   */
  Result run(Duration length, long most, ProcessHandle server) throws InterruptedException {
    Duration processorBefore = processorTime(server);
    mostOperations = most;
    lengthNanos = length.toNanos();
    beganNanos = System.nanoTime();
    for (int i = 0; i < inFlight; i++) {
      new Line().goOn();
    }
    awaitLines();
    double seconds = (System.nanoTime() - beganNanos) / 1e9;
    long operations = done.sum();
    return new Result(
        operations / seconds,
        waits.getValueAtPercentile(50) / 1e6,
        waits.getValueAtPercentile(99) / 1e6,
        processorTime(server).minus(processorBefore).toNanos() / 1e3 / operations);
  }

  private void awaitLines() throws InterruptedException {
    long doneBefore = -1;
    while (!linesLeft.await(STALL_SECONDS, TimeUnit.SECONDS)) {
      long doneNow = done.sum();
      if (doneNow == doneBefore) {
        throw new IllegalStateException("no answer for " + STALL_SECONDS + " s");
      }
      doneBefore = doneNow;
    }
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new IllegalStateException("an operation failed: " + thrown.getMessage(), thrown);
    }
  }

  private boolean mayBegin() {
    return System.nanoTime() - beganNanos < lengthNanos
        && failure.get() == null
        && begun.getAndIncrement() < mostOperations;
  }

  private static Duration processorTime(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Operations one after the other. */
  private final class Line implements Consumer<@Nullable Throwable> {
    /**
     * How often it is to go on. Who makes it 1 goes on; an end that is told before its operation's
     * beginning has returned makes it 2, and leaves the rest to whoever waits for that.
     */
    private final AtomicInteger steps = new AtomicInteger();

    private long operationBeganNanos;

    void goOn() {
      if (steps.getAndIncrement() > 0) {
        return;
      }
      do {
        if (!mayBegin()) {
          linesLeft.countDown();
          return;
        }
        operationBeganNanos = System.nanoTime();
        contender.begin(this);
      } while (steps.decrementAndGet() > 0);
    }

    @Override
    public void accept(@Nullable Throwable thrown) {
      if (thrown == null) {
        done.increment();
        waits.recordValue(System.nanoTime() - operationBeganNanos);
      } else {
        failure.set(thrown);
      }
      goOn();
    }
  }
}
