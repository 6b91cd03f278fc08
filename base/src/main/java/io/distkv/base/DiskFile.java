package io.distkv.base;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file with positional reads and writes. Any number of threads may read while one writes. A
 * failed {@link #sync} says nothing of what reached the disk, and a later one that succeeds proves
 * nothing about it: the caller must stop trusting the file.
 */
public interface DiskFile extends AutoCloseable {

  /**
   * Fills the rest of {@code target} from {@code position} on, or up to the end of the file.
   *
   * @return how many bytes were read; less than asked for only at the end of the file, 0 beyond it
   */
  int read(ByteBuffer target, long position) throws IOException;

  /**
   * Writes all the rest of {@code source} at {@code position}, growing the file where it ends
   * before.
   */
  void write(ByteBuffer source, long position) throws IOException;

  /** Makes every write that finished before this call durable, and the size with it (fdatasync). */
  void sync() throws IOException;

  /** Bytes in the file. */
  long size() throws IOException;

  @Override
  void close() throws IOException;
}
