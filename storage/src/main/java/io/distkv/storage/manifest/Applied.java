package io.distkv.storage.manifest;

/**
 * How much of the log a tree's durable tables hold: all entries up to the index, none after it.
 *
 * @param index of the last log entry in the tables; 0 if there is none
 * @param term of that entry
 * @param attachment what the owner stored with them; empty at first; must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record Applied(long index, long term, byte[] attachment) {

  /** The state of a new tree. */
  public static final Applied NOTHING = new Applied(0, 0, new byte[0]);
}
