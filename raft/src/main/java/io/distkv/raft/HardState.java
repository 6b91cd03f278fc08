package io.distkv.raft;

/**
 * What a server must never forget beside its log (Raft paper, figure 2): durable before any message
 * that follows from it.
 *
 * @param term the latest it has seen, 0 at first
 * @param vote whom it voted for in that term; 0 if nobody
 */
public record HardState(long term, long vote) {
  /** Of a server that has never heard of any other. */
  public static final HardState NONE = new HardState(0, 0);
}
