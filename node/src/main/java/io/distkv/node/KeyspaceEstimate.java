package io.distkv.node;

import io.distkv.storage.tree.TreeStatistics;

/**
 * How many keys there are, and how many of them expire, as if every write were of a new key: upper
 * bounds, which flushes and compactions lower. Exact counts would need a look at the key before
 * every write. The bytes are exact: those that the limit of a keyspace is compared with.
 *
 * @param tableBytes of files
 * @param memtableBytes of heap
 */
record KeyspaceEstimate(long keys, long expiring, long tableBytes, long memtableBytes) {
  static final KeyspaceEstimate NOTHING = new KeyspaceEstimate(0, 0, 0, 0);

  static KeyspaceEstimate of(TreeStatistics tree) {
    long keys = tree.memtableEntries();
    long expiring = tree.memtableExpiring();
    for (TreeStatistics.LevelStatistics level : tree.levels()) {
      keys += level.entries() - 2 * level.tombstones();
      expiring += level.expiring();
    }
    long notNegative = Math.max(0, keys);
    return new KeyspaceEstimate(
        notNegative,
        Math.min(notNegative, expiring),
        tree.tableBytes(),
        tree.sizeBytes() - tree.tableBytes());
  }

  KeyspaceEstimate plus(KeyspaceEstimate other) {
    return new KeyspaceEstimate(
        keys + other.keys,
        expiring + other.expiring,
        tableBytes + other.tableBytes,
        memtableBytes + other.memtableBytes);
  }

  long bytes() {
    return tableBytes + memtableBytes;
  }
}
