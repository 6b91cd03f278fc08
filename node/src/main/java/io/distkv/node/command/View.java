package io.distkv.node.command;

import org.jspecify.annotations.Nullable;

/**
 * What a command may read: one keyspace (or the partitions of it that the command's keys are in) at
 * one moment. Handlers are pure functions of a view: run again on an equal view they give an equal
 * reply, so a read that met a block outside memory can be re-run elsewhere.
 *
 * <p>An implementation may leave {@link #get} by an exception of its own to say that the key is not
 * in memory; handlers never catch it. Used by one thread at a time.
 */
public interface View {

  /** The live value of a key; null if there is none or it expired before {@link #nowMillis}. */
  @Nullable Value get(byte[] key);

  /** Number of the keyspace. */
  int keyspace();

  /** Wall milliseconds by which expiry is judged; the same during the whole command. */
  long nowMillis();

  /** How many partitions the keyspace has; those of a view without them all are still counted. */
  int partitions();

  /**
   * The keys of one partition. Only commands whose scope is {@link CommandSpec.Scope#KEYSPACE} ask
   * for them.
   *
   * @param partition from 0 to {@link #partitions} - 1
   */
  KeyCursor keys(int partition);

  /** How many live keys all partitions hold. */
  long count();

  /** An arbitrary number, another for each command run; the version where a write is applied. */
  long seed();
}
