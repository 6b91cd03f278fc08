package io.distkv.node.session;

import io.distkv.node.command.Reply;

/**
 * Where a session's replies go: the front end's side of one connection. Called on the session's
 * home lane only, never after the session was closed.
 */
public interface Output {

  /**
   * One reply; they come in the order of the requests. Many may come in one turn of the lane: the
   * front end need not send them before the turn's end.
   */
  void reply(Reply reply);

  /** In the place of a reply: a request is over that was to get none. */
  void unanswered();

  /** The replies from here on are printed in this version of the Redis protocol: 2 or 3. */
  void protocol(int version);

  /** Closes the connection after the replies so far are sent. */
  void close();

  /**
   * Whether there is memory for a reply of so many bytes, those that other clients have not taken
   * yet considered. Asked for large replies of reads; they are not given where there is none.
   */
  boolean hasRoomFor(long replyBytes);

  /** Bytes received and not yet submitted. */
  long inputBytes();

  /** Bytes of replies that wait for the client to take them. */
  long outputBytes();
}
