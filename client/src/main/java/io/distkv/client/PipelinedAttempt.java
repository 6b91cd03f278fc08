package io.distkv.client;

import io.distkv.api.v1.OperationResult;
import io.distkv.api.v1.PipelineResponse;
import io.distkv.client.AttemptEnd.Reach;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One try of an operation by way of a pipeline. It waits, is sent, and is over; or is over while it
 * waits, and then never sent. Whoever moves it on is the one who tells its listener.
 */
final class PipelinedAttempt<R> implements Attempt {
  private static final int WAITING = 0;
  private static final int SENT = 1;
  private static final int OVER = 2;

  private final PipelinedCall<R> call;
  private final Attempt.Listener<R> listener;
  private final long deadlineNanos;
  private final AtomicInteger state = new AtomicInteger(WAITING);

  PipelinedAttempt(PipelinedCall<R> call, long deadlineNanos, Attempt.Listener<R> listener) {
    this.call = call;
    this.deadlineNanos = deadlineNanos;
    this.listener = listener;
  }

  PipelinedCall<R> call() {
    return call;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  /** Whether it is to be sent, which it counts as from here on. */
  boolean beginSending() {
    return state.compareAndSet(WAITING, SENT);
  }

  boolean isOver() {
    return state.get() == OVER;
  }

  /** The node's answer has come. */
  void answered(PipelineResponse.Item item) {
    if (state.getAndSet(OVER) != SENT) {
      return;
    }
    switch (item.getOutcomeCase()) {
      case RESULT -> listener.succeeded(result(item.getResult()));
      case FAILURE ->
          listener.failed(
              AttemptEnd.of(item.getFailure().getDetail(), item.getFailure().getMessage()));
      case OUTCOME_NOT_SET ->
          listener.failed(
              AttemptEnd.of(
                  Status.INTERNAL.withDescription("an answer without an outcome"),
                  null,
                  Reach.SENT));
    }
  }

  private R result(OperationResult result) {
    return call.result().apply(result);
  }

  /**
   * The stream that it was, or was to be, sent on has ended.
   *
   * @param refusal whether the node has looked at none of its operations
   */
  void broken(AttemptEnd end, boolean refusal) {
    int was = state.getAndSet(OVER);
    if (was == OVER) {
      return;
    }
    // What the node says of a stream, that nothing was done, say, it does not say of each
    // operation.
    boolean mayHaveHappened = was == SENT && !refusal && call.kind() == RetryTable.Kind.WRITE;
    listener.failed(mayHaveHappened && end.reach() == Reach.ANSWERED ? end.unanswered() : end);
  }

  /** Its time has run out. */
  void expired() {
    int was = state.getAndSet(OVER);
    if (was != OVER) {
      listener.failed(
          AttemptEnd.timeout("no answer in time", was == SENT ? Reach.SENT : Reach.NOT_SENT));
    }
  }

  @Override
  public boolean cancel() {
    return state.getAndSet(OVER) == SENT;
  }
}
