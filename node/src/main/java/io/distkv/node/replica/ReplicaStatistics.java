package io.distkv.node.replica;

import io.distkv.storage.tree.TreeStatistics;

/**
 * One replica at a moment.
 *
 * @param pendingBytes of writes that are not applied
 */
public record ReplicaStatistics(
    ReplicaIdentity identity, long pendingBytes, GroupPart part, TreeStatistics tree) {}
