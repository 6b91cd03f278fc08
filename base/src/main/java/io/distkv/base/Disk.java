package io.distkv.base;

import java.io.IOException;
import java.util.List;

/**
 * A folder on a disk, with everything storage may do to it. Paths are relative to that folder, use
 * {@code /}, and have no {@code .} or {@code ..} in them.
 *
 * <p>What survives a power cut: the bytes of a file that a {@link DiskFile#sync} finished after;
 * and the names in a directory (created, renamed, linked, deleted) that a {@link #syncDirectory} of
 * that directory finished after. Nothing else is promised, in no order.
 *
 * <p>Every method may block and may be called from any thread. A full disk is a {@link
 * DiskFullException}; a missing file a {@link java.nio.file.NoSuchFileException}.
 */
public interface Disk {

  /**
   * Creates an empty file and opens it for reading and writing.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken
   */
  DiskFile create(String path) throws IOException;

  /** Opens an existing file for reading and writing. */
  DiskFile open(String path) throws IOException;

  /** Opens an existing file for reading only. */
  DiskFile openReadOnly(String path) throws IOException;

  /** Whether a file or directory has this name. */
  boolean exists(String path) throws IOException;

  /** The names (not paths) in a directory, sorted; empty if there is no such directory. */
  List<String> list(String directory) throws IOException;

  /** Creates a directory and those above it, where missing, and makes their names durable. */
  void createDirectories(String directory) throws IOException;

  /** Removes a file or an empty directory. */
  void delete(String path) throws IOException;

  /** Gives a file another name, atomically replacing a file that has it. */
  void rename(String from, String to) throws IOException;

  /** Gives a file a second name (a hard link). */
  void link(String existing, String additional) throws IOException;

  /** Makes the names in a directory durable. */
  void syncDirectory(String directory) throws IOException;

  /** Bytes that can still be written before the disk is full. */
  long usableBytes() throws IOException;

  /**
   * How long the latest {@link DiskFile#sync} took that is over, whoever asked for it; 0 before the
   * first, and on a disk whose time is not measured. Does not block.
   */
  long lastSyncNanos();
}
