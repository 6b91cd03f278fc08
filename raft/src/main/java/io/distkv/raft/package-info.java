/** Consensus, pure: messages, time and wishes in, effects out. */
@NullMarked
package io.distkv.raft;

import org.jspecify.annotations.NullMarked;
