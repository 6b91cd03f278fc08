/** A node's keys as commands see them, whichever protocol the node is spoken to in. */
@NullMarked
package io.distkv.kvctl.store;

import org.jspecify.annotations.NullMarked;
