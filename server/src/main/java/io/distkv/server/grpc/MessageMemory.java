package io.distkv.server.grpc;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that messages of all calls together take while they come in and until their calls end.
 * Small ones are not counted: there are only so many connections and calls, and who sends little
 * must not wait for those who send much.
 *
 * <p>Any thread.
 */
final class MessageMemory {
  /** Of each call; what is beyond counts. */
  static final int ALLOWANCE_BYTES = 64 * 1024;

  private final long budgetBytes;
  private final AtomicLong heldBytes = new AtomicLong();

  MessageMemory(long budgetBytes) {
    this.budgetBytes = budgetBytes;
  }

  /** Takes more, which must be given back whatever the answer; tells whether there was room. */
  boolean take(long bytes) {
    return heldBytes.addAndGet(bytes) <= budgetBytes;
  }

  void giveBack(long bytes) {
    heldBytes.addAndGet(-bytes);
  }

  long heldBytes() {
    return heldBytes.get();
  }
}
