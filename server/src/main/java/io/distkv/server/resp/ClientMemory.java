package io.distkv.server.resp;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all Redis clients together take of the node: requests that have not come whole,
 * requests under way, commands queued in transactions, replies not yet taken. Each connection is
 * bounded by itself; this bounds their sum.
 *
 * <p>While it is over the budget, memory is short, until an eighth of it is free again. A client
 * that holds no more than {@link ClientLoad#ALLOWANCE_BYTES} goes on all the same, so that those
 * who take little notice nothing. The others are not read from, but for one of each lane at a time
 * ({@link MemoryLine}): what they have under way ends and gives its memory back. Where that does
 * not help, because the memory waits for the clients themselves, the largest holders have to give
 * up what they hold ({@link RespConnection#shed}).
 *
 * <p>So the clients take at most the budget and, beyond it, as much again in replies, one request
 * for each lane, the allowance of each and what was read from each, twice, before it could be
 * stopped.
 *
 * <p>Any thread.
 */
public final class ClientMemory {
  private final ClientLimits limits;
  private final AtomicLong heldBytes = new AtomicLong();
  private volatile boolean isShort;

  ClientMemory(ClientLimits limits) {
    this.limits = limits;
  }

  /** A lane's clients hold so much more, or less where negative. */
  void add(long bytes) {
    long held = heldBytes.addAndGet(bytes);
    long budget = limits.memoryBytes();
    if (held > budget) {
      isShort = true;
    } else if (held <= budget - budget / 8) {
      isShort = false;
    }
  }

  /** Whether clients that hold much must wait. */
  boolean isShort() {
    return isShort;
  }

  /** What may still be taken before memory is short. */
  long freeBytes() {
    return limits.memoryBytes() - heldBytes.get();
  }

  /**
   * Whether a reply of so many bytes may be given: always while memory is not short, then until the
   * clients hold twice the budget.
   */
  boolean hasRoomForReply(long bytes) {
    return !isShort || bytes - freeBytes() <= limits.memoryBytes();
  }

  /** What the clients hold now; a little behind. */
  public long heldBytes() {
    return heldBytes.get();
  }
}
