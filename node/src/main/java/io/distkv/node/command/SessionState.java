package io.distkv.node.command;

import java.util.List;
import java.util.function.Consumer;

/**
 * What connection commands may see and change of the client's session. Implemented by the session;
 * used on its lane only, and every {@code done} is called there.
 */
public interface SessionState {

  /** When replies are sent. */
  enum ReplyMode {
    ON,
    OFF,
    /** The next command's reply is swallowed, then back to {@link #ON}. */
    SKIP
  }

  /** The connection's number, unique while the node runs. */
  long id();

  /** Version of the Redis protocol that replies are printed in: 2 or 3. */
  int protocol();

  void setProtocol(int version);

  /** The name the client gave itself; empty if none. */
  String name();

  void setName(String name);

  /** Name and version of the client library, as it tells them. */
  void setLibrary(String name, String version);

  /** The library's name as last told; empty if none. */
  String libraryName();

  /** The library's version as last told; empty if none. */
  String libraryVersion();

  /** How CLIENT INFO and CLIENT LIST describe this connection. */
  ClientInfo info();

  /**
   * Makes a keyspace the one that later commands use.
   *
   * @param numberOrName a number in decimal, or a name
   * @return false, with nothing changed, if there is no such keyspace
   */
  boolean select(String numberOrName);

  /** Number of the selected keyspace. */
  int keyspace();

  /** Whether the node asks clients to authenticate. */
  boolean passwordRequired();

  /** Whether this client has authenticated or need not. */
  boolean authenticated();

  /** Checks a password, and on success makes the client that user. */
  void authenticate(String user, byte[] password, Consumer<Boolean> done);

  void setNoEvict(boolean on);

  void setNoTouch(boolean on);

  void setReplyMode(ReplyMode mode);

  /** Whether MULTI has begun and neither EXEC nor DISCARD has ended it. */
  boolean inTransaction();

  /** From here on commands are queued. */
  void beginTransaction();

  /** Forgets the queued commands and all watched keys. */
  void discardTransaction();

  /**
   * Runs the queued commands as one. Answers their replies as a list, the null list if a watched
   * key changed, or EXECABORT if a command could not be queued.
   */
  void execute(Consumer<Reply> done);

  /** Remembers the versions that keys of the selected keyspace have now. */
  void watch(List<byte[]> keys, Consumer<Reply> done);

  /** Forgets all watched keys. */
  void unwatch();

  /** Puts everything back to how it was when the client connected. */
  void reset();

  /** Closes the connection once the replies so far are sent. */
  void closeAfterReply();
}
