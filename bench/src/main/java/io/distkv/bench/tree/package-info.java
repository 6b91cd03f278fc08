/** The tree, with its journal, side by side with RocksDB in one process. */
@NullMarked
package io.distkv.bench.tree;

import org.jspecify.annotations.NullMarked;
