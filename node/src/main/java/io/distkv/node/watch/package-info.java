/** Watching keys: the changes of all partitions of a keyspace, in the order of their versions. */
@NullMarked
package io.distkv.node.watch;

import org.jspecify.annotations.NullMarked;
