package io.distkv.storage.journal;

import java.io.IOException;

/** What a journal tells its owner, always on its lane. */
public interface JournalListener {

  /**
   * Appended records have reached the operating system, or the disk. Positions are those that
   * {@link Journal#append} returned: a record is written (durable) once the position it returned is
   * at most this one. Neither ever goes back.
   */
  void advanced(long writtenPosition, long durablePosition);

  /**
   * A write or a sync failed. What was appended after the last durable position may or may not be
   * on the disk, now or later; nobody can tell any more. The journal takes nothing from now on, and
   * the node must stop. Told once.
   */
  void failed(IOException cause);

  /**
   * The disk has no room for another segment (true), or has again (false). While it is full,
   * appends go on into the space that the journal holds already, see {@link
   * Journal#spaceLeftBytes}; when that is used up they wait in memory until segments are released
   * or room is made.
   */
  void diskFull(boolean full);
}
