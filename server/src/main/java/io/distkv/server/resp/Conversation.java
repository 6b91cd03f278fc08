package io.distkv.server.resp;

import io.distkv.node.command.Reply;

/**
 * What a connection needs of the session behind it. Used on the connection's lane only; replies
 * come back through the session's output, in the order of the requests.
 */
public interface Conversation {

  /** Starts a request; the words belong to the session afterwards. */
  void submit(byte[][] words);

  /** Requests that were submitted and not answered yet. */
  int inFlight();

  /** Bytes of the words of those requests. */
  long inFlightBytes();

  /** Bytes that are kept for the client's next words: commands queued in a transaction. */
  long queuedBytes();

  /**
   * Answers a request that was not taken with an error, and breaks a transaction that it would have
   * been part of.
   */
  void refuse(Reply.Failure why);

  /**
   * Gives up what is kept for the client's next words, which will be answered by errors.
   *
   * @return false if there is nothing that can be given up
   */
  boolean shed();

  /** The client is gone: replies are not wanted any more. */
  void close();
}
