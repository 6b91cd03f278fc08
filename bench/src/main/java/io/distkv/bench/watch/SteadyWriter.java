package io.distkv.bench.watch;

import com.google.protobuf.ByteString;
import io.distkv.api.v1.KeyValueGrpc.KeyValueStub;
import io.distkv.api.v1.PutRequest;
import io.distkv.api.v1.PutResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes keys at a rate that does not heed the answers. What the node refuses because it has too
 * much to do, as one may that has just started, is sent again, first when the answer says and then
 * after twice as long each time. Each value begins with the time when it was due first.
 */
final class SteadyWriter {
  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int MOST_DOUBLINGS = 5;

  private final KeyValueStub stub;
  private final String prefix;
  private final int keys;
  private final int valueBytes;
  private final AtomicLong underWay = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();

  /** By when they are to be sent again. */
  private final PriorityBlockingQueue<Refused> refused =
      new PriorityBlockingQueue<>(1_024, Comparator.comparingLong(Refused::againNanos));

  private volatile @Nullable Throwable failure;

  private record Refused(long number, long dueNanos, int tries, long againNanos) {}

  SteadyWriter(KeyValueStub stub, String prefix, int keys, int valueBytes) {
    this.stub = stub;
    this.prefix = prefix;
    this.keys = keys;
    this.valueBytes = Math.max(Long.BYTES, valueBytes);
  }

  /**
   * Writes so many values, and returns when all are written.
   *
   * @param patienceNanos for the last of them
   * @throws IllegalStateException if a write failed for good, or patience was not enough
   */
  void write(long writes, long perSecond, long patienceNanos) {
    long began = System.nanoTime();
    for (long i = 0; i < writes; i++) {
      long due = began + i * 1_000_000_000L / perSecond;
      for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
        LockSupport.parkNanos(early);
      }
      underWay.incrementAndGet();
      send(i, due, 0);
      sendRefused();
    }
    long end = System.nanoTime() + patienceNanos;
    while (underWay.get() > 0) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(underWay.get() + " writes have no answer");
      }
      LockSupport.parkNanos(1_000_000);
      sendRefused();
    }
  }

  /** How often the node refused a write. */
  long refusals() {
    return refusals.get();
  }

  private void sendRefused() {
    Throwable failed = failure;
    if (failed != null) {
      throw new IllegalStateException("a write failed", failed);
    }
    for (Refused next = refused.peek();
        next != null && System.nanoTime() - next.againNanos() >= 0;
        next = refused.peek()) {
      refused.remove();
      send(next.number(), next.dueNanos(), next.tries());
    }
  }

  private void send(long number, long dueNanos, int tries) {
    ByteBuffer value = ByteBuffer.allocate(valueBytes).putLong(0, dueNanos);
    stub.put(
        PutRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8(prefix + number % keys))
            .setValue(ByteString.copyFrom(value))
            .build(),
        new StreamObserver<>() {
          @Override
          public void onNext(PutResponse response) {}

          @Override
          public void onError(Throwable thrown) {
            if (Status.fromThrowable(thrown).getCode() == Status.Code.RESOURCE_EXHAUSTED) {
              refusals.incrementAndGet();
              long again = System.nanoTime() + (AGAIN_NANOS << Math.min(MOST_DOUBLINGS, tries));
              refused.add(new Refused(number, dueNanos, tries + 1, again));
            } else {
              failure = thrown;
            }
          }

          @Override
          public void onCompleted() {
            underWay.decrementAndGet();
          }
        });
  }
}
