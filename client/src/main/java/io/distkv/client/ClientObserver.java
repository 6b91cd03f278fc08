package io.distkv.client;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Is told of every operation: for metrics and tracing. Its methods must be quick and must not block
 * or throw: {@link #started} is called on the thread that asks for the operation, all else on
 * whichever thread the operation is at, which may be that of the connection.
 */
@FunctionalInterface
public interface ClientObserver {

  /** Takes no notice of anything. */
  ClientObserver NONE = (operation, keyspace) -> end -> {};

  /**
   * An operation begins.
   *
   * @param operation its name: get, put, delete, increment, batch; scan and watch, which last until
   *     they are read to their end or closed; createKeyspace, alterKeyspace, dropKeyspace,
   *     listKeyspaces, describeKeyspace; information
   * @param keyspace the keyspace that it is for; empty if it is for none
   * @return what is told how it goes on
   */
  Observation started(String operation, String keyspace);

  /** One operation, as its observer sees it. */
  @FunctionalInterface
  interface Observation {

    /**
     * Adds headers to a call, such as W3C's {@code traceparent}. Only for operations that are a
     * call of their own: those that share a stream share its headers. Called once for each attempt.
     *
     * @param header takes a name, in small letters, and a value, in ASCII
     */
    default void headers(BiConsumer<String, String> header) {}

    /**
     * The operation is over.
     *
     * @param end how it ended
     */
    void ended(OperationEnd end);
  }

  /**
   * How an operation ended.
   *
   * @param attempts how often it was tried, from 0 (it could not begin) on
   * @param nanos how long it took, with all attempts and the waits between them
   * @param error what went wrong; null if nothing did
   * @param outcomeUnknown whether it is a write that may have happened all the same
   */
  record OperationEnd(
      int attempts, long nanos, @Nullable ErrorCode error, boolean outcomeUnknown) {}
}
