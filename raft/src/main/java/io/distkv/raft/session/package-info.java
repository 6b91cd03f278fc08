/** What a group's state machine remembers of its clients, so that a retried write applies once. */
@NullMarked
package io.distkv.raft.session;

import org.jspecify.annotations.NullMarked;
