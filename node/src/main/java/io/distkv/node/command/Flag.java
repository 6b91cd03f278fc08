package io.distkv.node.command;

import java.util.Locale;

/** Properties of a command, in the order in which Redis lists them. */
public enum Flag {
  /** Changes data: goes through the log. */
  WRITE,
  /** Reads data and changes none. */
  READONLY,
  /** May grow the data: refused when the disk is nearly full. */
  DENYOOM,
  ADMIN,
  NOSCRIPT,
  /** Allowed before the node has replayed its journal. */
  LOADING,
  /** Allowed when the node's data may be old. */
  STALE,
  SKIP_SLOWLOG,
  /** Takes constant or logarithmic time. */
  FAST,
  /** Allowed before the client has authenticated. */
  NO_AUTH,
  /** Refused inside MULTI. */
  NO_MULTI,
  ALLOW_BUSY,
  /**
   * Touches an amount of data that nothing bounds, so it runs on a worker and never on a lane. Ours
   * alone: not shown to clients.
   */
  UNBOUNDED;

  /** The flag as COMMAND INFO prints it. */
  String redisName() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean shown() {
    return this != UNBOUNDED;
  }
}
