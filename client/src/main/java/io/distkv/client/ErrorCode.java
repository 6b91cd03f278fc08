package io.distkv.client;

/**
 * Everything that can go wrong, with one meaning each. Those of the contract are what the node
 * said; the last three are the client's own.
 */
public enum ErrorCode {
  /** The request itself is wrong and will be wrong again. */
  INVALID_ARGUMENT,
  /**
   * The keyspace, or the thing that had to exist, does not. A key that is not there is no error.
   */
  NOT_FOUND,
  /** A condition on a key did not hold; nothing was done. */
  VERSION_MISMATCH,
  /** A key, value, batch or message is over its limit; nothing was done. */
  TOO_LARGE,
  /** Too few replicas answered. */
  NO_QUORUM,
  /** Another replica leads; nothing was done. */
  NOT_LEADER,
  /** The request was routed by an older topology; nothing was done. */
  STALE_TOPOLOGY,
  /** A bounded queue, of the node or of this client, is full; nothing was done. */
  OVERLOADED,
  /**
   * The deadline passed. Where a write may have happened, {@link OutcomeUnknownException} says so.
   */
  TIMEOUT,
  /** The client has not said who it is. */
  UNAUTHENTICATED,
  /** The client may not do this. */
  PERMISSION_DENIED,
  /** The keyspace or node takes no writes. */
  READ_ONLY,
  /** The disk is nearly full, or the keyspace has reached its limit; reads and deletes go on. */
  DISK_FULL,
  /** Stored data failed its checksum. */
  CORRUPTION,
  /** A defect of the node, whose log has the details. */
  INTERNAL,
  /** What is asked for is older than what is kept. */
  HISTORY_GONE,
  /** No node could be reached, or the connection broke. */
  UNAVAILABLE,
  /** The operation was given up, by its caller or because the client was closed. */
  CANCELLED,
  /** Something that this version of the client does not know. */
  UNKNOWN
}
