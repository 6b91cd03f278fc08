package io.distkv.client;

import io.distkv.client.ClientObserver.Observation;

/** What an operation is to do, and how it can be tried; as often as need be. */
interface Call<R> {

  /** As an observer is told. */
  String name();

  String keyspace();

  RetryTable.Kind kind();

  /** Bytes of keys and values. */
  long sizeBytes();

  /**
   * Tries it.
   *
   * @param deadlineNanos the timer's time at which it ends
   * @param observation whose headers go along, if the call has any of its own
   */
  Attempt start(
      Connection connection,
      long deadlineNanos,
      Observation observation,
      Attempt.Listener<R> listener);
}
