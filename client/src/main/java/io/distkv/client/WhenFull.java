package io.distkv.client;

/** What becomes of an operation when as many are under way as may be. */
public enum WhenFull {
  /** Its caller waits for room, until the operation's deadline; of the async face, too. */
  WAIT,
  /** It fails at once with {@link ErrorCode#OVERLOADED}. */
  FAIL
}
