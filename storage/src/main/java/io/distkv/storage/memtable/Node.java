package io.distkv.storage.memtable;

/**
 * A node of the memtable's tree.
 *
 * <p>Every key that can ever be in a node's range starts with the same {@link #skip} bytes (those
 * that the two separators around the range share), so its prefixes begin after them. That keeps the
 * eight bytes telling even when all keys of a replica begin alike.
 */
abstract sealed class Node permits Leaf, Branch {
  final int skip;

  Node(int skip) {
    this.skip = skip;
  }
}
