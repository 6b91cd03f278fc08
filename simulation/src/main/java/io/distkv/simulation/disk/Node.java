package io.distkv.simulation.disk;

/** What a name can stand for. */
sealed interface Node permits Inode, Node.Directory {

  /** A directory; its entries are the paths below its own. */
  enum Directory implements Node {
    INSTANCE
  }
}
