package io.distkv.base;

/**
 * Everything that can go wrong for a client, with one meaning each; every front end maps these and
 * no others.
 */
public enum ErrorCode {
  /** The request itself is wrong and will be wrong again. */
  INVALID_ARGUMENT,
  /** The keyspace, or the thing that had to exist, does not. */
  NOT_FOUND,
  /** A condition on a version did not hold. */
  VERSION_MISMATCH,
  /** What is asked for is older than what is kept: nothing can be said of it any more. */
  HISTORY_GONE,
  /** A key, value or batch is over its limit. */
  TOO_LARGE,
  /** Too few replicas answered. */
  NO_QUORUM,
  /** Internal: another replica leads; the router follows it. */
  NOT_LEADER,
  /** Internal: the request was routed by an older topology; the router refreshes. */
  STALE_TOPOLOGY,
  /** A bounded queue is full; nothing was done; try again later. */
  OVERLOADED,
  /** The deadline passed; a write may have happened. */
  TIMEOUT,
  UNAUTHENTICATED,
  PERMISSION_DENIED,
  /** The keyspace or node takes no writes. */
  READ_ONLY,
  /**
   * The disk is nearly full, or the keyspace has reached its limit: writes stop, reads and deletes
   * go on.
   */
  DISK_FULL,
  /** Stored data failed its checksum. */
  CORRUPTION,
  /** A defect of the node; the log has the details. */
  INTERNAL
}
