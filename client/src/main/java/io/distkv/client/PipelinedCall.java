package io.distkv.client;

import io.distkv.api.v1.Operation;
import io.distkv.api.v1.OperationResult;
import io.distkv.client.ClientObserver.Observation;
import java.util.function.Function;

/** An operation that shares messages of a connection's pipeline with others. */
record PipelinedCall<R>(
    String name,
    String keyspace,
    RetryTable.Kind kind,
    long sizeBytes,
    Operation operation,
    Function<OperationResult, R> result)
    implements Call<R> {

  @Override
  public Attempt start(
      Connection connection,
      long deadlineNanos,
      Observation observation,
      Attempt.Listener<R> listener) {
    PipelinedAttempt<R> attempt = new PipelinedAttempt<>(this, deadlineNanos, listener);
    connection.pipeline().submit(attempt);
    return attempt;
  }
}
