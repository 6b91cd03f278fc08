/** Three replicas of the consensus core on real journals against SOFAJRaft and Apache Ratis. */
@NullMarked
package io.distkv.bench.raft;

import org.jspecify.annotations.NullMarked;
