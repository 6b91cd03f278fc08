package io.distkv.server.http.exchange;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that bodies of all requests and answers together may take. Who wants more than {@link
 * #FREE_BYTES} takes all of it before the first byte is read, so nobody ever waits with a part in
 * hand: large bodies come one after another where they would not fit beside each other, in the
 * order in which they asked. Small ones are bounded by their number.
 *
 * <p>Answers cannot wait, since they are there when their size is known: they are counted on top,
 * and refused where the memory is exceeded by as much again.
 *
 * <p>Any thread.
 */
public final class BodyMemory {
  /** A body up to this size takes nothing. */
  public static final int FREE_BYTES = 64 * 1024;

  private static final int UNIT_BYTES = 1024;

  private final int units;
  private final Semaphore free;
  private final AtomicLong answerBytes = new AtomicLong();

  public BodyMemory(long bytes) {
    units = Math.clamp(bytes / UNIT_BYTES, 1, Integer.MAX_VALUE);
    free = new Semaphore(units, true);
  }

  /** Memory that was taken; to be given back once. */
  public final class Share {
    private int held;

    private Share(int held) {
      this.held = held;
    }

    /** Keeps no more than this. */
    void shrink(long bytes) {
      int needed = units(bytes);
      if (needed < held) {
        free.release(held - needed);
        held = needed;
      }
    }

    /** Gives all of it back. */
    public void release() {
      free.release(held);
      held = 0;
    }
  }

  private int units(long bytes) {
    return bytes <= FREE_BYTES ? 0 : (int) Math.min(units, -Math.floorDiv(-bytes, UNIT_BYTES));
  }

  /**
   * Takes memory, waiting for its turn. What is more than there is altogether counts as all of it.
   *
   * @throws ProblemException if there is none for so long
   */
  Share take(long bytes, long timeoutNanos) throws InterruptedException {
    int needed = units(bytes);
    if (needed > 0 && !free.tryAcquire(needed, timeoutNanos, TimeUnit.NANOSECONDS)) {
      throw new ProblemException(
          Problem.unavailable("the memory for bodies of requests (http.memory) is used up"));
    }
    return new Share(needed);
  }

  /** Takes memory if there is some right now: no share if not. */
  public Optional<Share> tryTake(long bytes) {
    int needed = units(bytes);
    return needed == 0 || free.tryAcquire(needed)
        ? Optional.of(new Share(needed))
        : Optional.empty();
  }

  /** Counts an answer, unless there are too many bytes of answers already. */
  public boolean addAnswer(long bytes) {
    if (bytes <= FREE_BYTES) {
      return true;
    }
    long now = answerBytes.addAndGet(bytes);
    if (now - bytes > (long) units * UNIT_BYTES) {
      answerBytes.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  /** An answer that was counted is gone. */
  public void removeAnswer(long bytes) {
    if (bytes > FREE_BYTES) {
      answerBytes.addAndGet(-bytes);
    }
  }

  /** Bytes that are held now. */
  long heldBytes() {
    return (long) (units - free.availablePermits()) * UNIT_BYTES + answerBytes.get();
  }
}
