/** Tests of client sessions. */
@NullMarked
package io.distkv.raft.session;

import org.jspecify.annotations.NullMarked;
