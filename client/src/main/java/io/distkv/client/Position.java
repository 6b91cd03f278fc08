package io.distkv.client;

/**
 * Where a stream of messages is: what lets one that broke be asked for from there. Used by the
 * stream's reader alone.
 *
 * @param <Q> what asks for the stream
 * @param <M> its messages
 */
interface Position<Q, M> {

  /** Asks for what is behind this position. */
  Q request();

  /** A message has come to its reader: the position is behind it. */
  void passed(M message);

  /** A call has ended with the word that nothing up to this version is missing. */
  default void toldThrough(long version) {}

  /** Whether nothing can follow any more. */
  boolean isLast();
}
