package io.distkv.storage.tree;

import io.distkv.storage.manifest.Applied;
import io.distkv.storage.memtable.Memtable;

/**
 * A memtable that takes no more writes, with what its flush must record.
 *
 * @param sequence 1 for the first of the tree since it was opened, and so on
 * @param epoch how often the tree had been cleared before it took writes
 * @param memtable its entries; may be empty
 * @param clears whether the tree was cleared just before it, so that its flush drops all tables
 * @param applied the log up to its last entry
 * @param version last version published into it
 * @param heldBytes of heap
 */
record Frozen(
    long sequence,
    int epoch,
    Memtable memtable,
    boolean clears,
    Applied applied,
    long version,
    long heldBytes) {}
