package io.distkv.kvctl.transfer;

import java.io.IOException;

/** Writes the entries of an export. */
interface EntrySource extends AutoCloseable {
  /** Reads them all and hands them to the writer. */
  void writeAll() throws IOException;

  /** How many were written. */
  long written();

  /** Keys that were listed and then were not there any more. */
  long gone();

  /** Keys whose values are no byte strings: other types of a Redis-compatible server. */
  long foreign();

  @Override
  void close();
}
