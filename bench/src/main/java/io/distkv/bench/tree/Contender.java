package io.distkv.bench.tree;

import java.nio.file.Path;

/**
 * One side of the comparison. A measurement calls the methods in the order they are written here,
 * each on a folder that nothing else uses. Every method throws on the first wrong answer: a fast
 * wrong read is no result.
 */
interface Contender {

  String name();

  /** Opens what is in the folder, or an empty store. */
  void open(Path folder) throws Exception;

  /**
   * Puts {@code value(first + i)} under the i-th key in random order, each put logged before the
   * next, not synced.
   */
  void fill(Workload workload, long first) throws Exception;

  /** Waits until memtables are in tables and no compaction is due. */
  void settle() throws Exception;

  /** Reads {@code count} keys drawn at random. */
  void readRandom(Workload workload, int count, long seed) throws Exception;

  /** Reads {@code count} times a hundred entries in order, from a key drawn at random. */
  void scan(Workload workload, int count, long seed) throws Exception;

  /**
   * {@code writers} threads put {@code perWriter} entries each, waiting for every one to be synced.
   */
  void putSynced(Workload workload, int writers, int perWriter) throws Exception;

  void close() throws Exception;
}
