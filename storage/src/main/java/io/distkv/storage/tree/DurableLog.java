package io.distkv.storage.tree;

/**
 * What a tree must know of its replica's log: tables never hold an entry that the log could still
 * lose.
 */
public interface DurableLog {

  /**
   * Runs a task on the lane once the log is durable up to an index; at once, inside this call, if
   * it already is. Called on the lane.
   */
  void whenDurable(long index, Runnable then);
}
