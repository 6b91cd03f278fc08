package io.distkv.server.grpc;

import io.distkv.base.ErrorCode;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A call as the transport sees it: how much of its messages has come, and whether its first is
 * there. What comes too slowly, or takes more memory than there is, is refused while it comes, and
 * not when it is there as a whole. On its lane only.
 */
final class InboundCall extends ServerStreamTracer {
  private static final Failures.Ending NO_MEMORY =
      Failures.ending(
          ErrorCode.OVERLOADED,
          "the node has no memory for this message (grpc.memory); nothing was done; try again"
              + " later");
  private static final Failures.Ending TOO_SLOW =
      Failures.ending(
          ErrorCode.TIMEOUT,
          "the call's message did not come within grpc.timeout; nothing was done");

  private final InboundCalls calls;
  private final CallMetrics.Method method;
  private final Metadata headers;
  private final long beganNanos;
  private @Nullable GuardedCall<?, ?> call;
  private Failures.@Nullable Ending refusal;
  private long wireBytes;
  private long plainBytes;
  private long countedBytes;

  /** Neighbours among those whose first message is awaited; owned by {@link InboundCalls}. */
  @Nullable InboundCall earlier;

  @Nullable InboundCall later;
  boolean awaited;

  InboundCall(InboundCalls calls, CallMetrics.Method method, Metadata headers, long beganNanos) {
    this.calls = calls;
    this.method = method;
    this.headers = headers;
    this.beganNanos = beganNanos;
  }

  /** Whether these are the very headers that it came with. */
  @SuppressWarnings("ReferenceEquality")
  boolean cameWith(Metadata others) {
    return headers == others;
  }

  long beganNanos() {
    return beganNanos;
  }

  /** Its handler begins. */
  void attach(GuardedCall<?, ?> served) {
    call = served;
    if (refusal != null) {
      refuse(refusal);
    }
  }

  @Override
  public void inboundWireSize(long bytes) {
    wireBytes += bytes;
    hold(wireBytes);
  }

  /**
   * What came compressed takes what it becomes, and is refused as it does. Of what came as it is,
   * this is told once it is there, and was counted.
   */
  @Override
  public void inboundUncompressedSize(long bytes) {
    plainBytes += bytes;
    hold(plainBytes);
  }

  private void hold(long messageBytes) {
    long counted = messageBytes - MessageMemory.ALLOWANCE_BYTES;
    if (counted > countedBytes) {
      boolean room = calls.memory().take(counted - countedBytes);
      countedBytes = counted;
      if (!room && refusal == null) {
        calls.metrics().refusedForMemory();
        refuse(NO_MEMORY);
      }
    }
  }

  /** A further message begins: the one before it is being worked on, in other bounds. */
  @Override
  public void inboundMessage(int number) {
    if (number > 0) {
      giveBack();
    }
  }

  @Override
  public void inboundMessageRead(int number, long wireBytes, long bytes) {
    calls.arrived(this);
  }

  @Override
  public void streamClosed(Status status) {
    calls.arrived(this);
    giveBack();
    method.ended(status.getCode(), calls.nowNanos() - beganNanos);
  }

  private void giveBack() {
    if (countedBytes > 0) {
      calls.memory().giveBack(countedBytes);
      countedBytes = 0;
    }
    wireBytes = 0;
    plainBytes = 0;
  }

  /** Its first message has not come in time. */
  void tooSlow() {
    calls.metrics().refusedForTime();
    refuse(TOO_SLOW);
  }

  /**
   * Ends it, once the transport has come back from where it is: it must not find that what it reads
   * is gone. The message may be there as a whole until then, and its handler must not hear of it.
   */
  private void refuse(Failures.Ending why) {
    refusal = why;
    GuardedCall<?, ?> served = call;
    if (served != null) {
      served.refuse();
      calls.lane().complete(() -> served.end(why));
    }
  }
}
