package io.distkv.client;

/** When a write to a keyspace is acknowledged. All survive the end of the node's process. */
public enum Durability {
  /** Once it is synced to the disk. */
  COMMIT,
  /** Once the operating system has it, which is made to sync every interval. */
  INTERVAL,
  /** Once the operating system has it. */
  NONE
}
