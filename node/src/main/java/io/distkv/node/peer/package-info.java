/** How the replicas of a node reach those of other nodes. */
@NullMarked
package io.distkv.node.peer;

import org.jspecify.annotations.NullMarked;
