package io.distkv.bench.raft;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/**
 * The same load for every contender: one thread proposes as long as fewer than a number of
 * proposals are in flight. Processor time is the whole process's, this thread's included.
 */
final class Load {
  private static final OperatingSystemMXBean MACHINE =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final int PAYLOADS = 1024;
  private static final long SECOND_NANOS = 1_000_000_000;
  private static final int STALL_SECONDS = 30;
  private static final int LONGEST_SECONDS = 3600;

  private final Contender contender;
  private final int inFlight;
  private final Semaphore free;
  private final byte[][] payloads;
  private final LongAdder committed = new LongAdder();
  private long proposed;
  private volatile @Nullable String failure;

  Load(Contender contender, int payloadBytes, int inFlight) {
    this.contender = contender;
    this.inFlight = inFlight;
    free = new Semaphore(inFlight);
    payloads = new byte[PAYLOADS][payloadBytes];
    SplittableRandom random = new SplittableRandom(1);
    for (byte[] payload : payloads) {
      random.nextBytes(payload);
    }
  }

  /**
   * Proposes until so much time has passed or so many entries are committed, whichever comes first,
   * and waits for the last of them.
   */
  Result run(String name, int seconds, long most) throws InterruptedException {
    ConcurrentHistogram waits =
        new ConcurrentHistogram(TimeUnit.SECONDS.toNanos(LONGEST_SECONDS), 3);
    long processorBefore = MACHINE.getProcessCpuTime();
    long committedBefore = committed.sum();
    long began = System.nanoTime();
    long end = began + seconds * SECOND_NANOS;
    long last = proposed + most;
    long tellNanos = began + SECOND_NANOS;
    long told = committedBefore;
    for (long now = began; now < end && proposed < last; now = System.nanoTime()) {
      propose(waits, last);
      if (now >= tellNanos) {
        long sum = committed.sum();
        System.err.printf("  %s: %,d/s%n", name, sum - told);
        told = sum;
        tellNanos += SECOND_NANOS;
      }
    }
    acquire(inFlight);
    free.release(inFlight);
    double count = committed.sum() - committedBefore;
    double nanos = System.nanoTime() - began;
    double processorNanos = MACHINE.getProcessCpuTime() - processorBefore;
    return new Result(
        Map.of(
            Result.Measure.RATE, count * SECOND_NANOS / nanos,
            Result.Measure.MEDIAN, waits.getValueAtPercentile(50) / 1e6,
            Result.Measure.TAIL, waits.getValueAtPercentile(99) / 1e6,
            Result.Measure.PROCESSOR, processorNanos / count / 1e3));
  }

  /** Proposes as many as there is room for, once there is some. */
  private void propose(ConcurrentHistogram waits, long last) throws InterruptedException {
    acquire(1);
    int room = 1 + free.drainPermits();
    int now = (int) Math.min(room, last - proposed);
    for (int i = 0; i < now; i++) {
      byte[] payload = payloads[(int) (proposed++ % PAYLOADS)];
      contender.propose(payload, new Waiting(waits));
    }
    free.release(room - now);
  }

  private void acquire(int permits) throws InterruptedException {
    boolean acquired = free.tryAcquire(permits, STALL_SECONDS, TimeUnit.SECONDS);
    String why = acquired ? failure : "nothing was committed for " + STALL_SECONDS + " s";
    if (why != null) {
      throw new IllegalStateException(why);
    }
  }

  private final class Waiting implements Contender.Proposal {
    private final ConcurrentHistogram waits;
    private final long began = System.nanoTime();

    Waiting(ConcurrentHistogram waits) {
      this.waits = waits;
    }

    @Override
    public void committed() {
      waits.recordValue(System.nanoTime() - began);
      committed.increment();
      free.release();
    }

    @Override
    public void failed(String why) {
      failure = why;
      free.release();
    }
  }
}
