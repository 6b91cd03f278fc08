package io.distkv.storage.table;

import io.distkv.storage.CorruptionException;
import java.io.IOException;

/** Where blocks of one table come from: straight from the file, or from a piece read ahead. */
interface BlockSource {

  /**
   * Reads and checks one block.
   *
   * @param offset where its payload begins
   * @param length of the payload
   * @throws CorruptionException if it is not what was written
   */
  StoredBlock.Raw read(long offset, int length, StoredBlock.Type type) throws IOException;
}
