package io.distkv.node.replica;

import io.distkv.node.replica.ReplicaCounters.Counter;
import java.util.List;
import java.util.Map;

/**
 * The replicas of one journal at a moment.
 *
 * @param journal its number
 * @param journalBytes that a restart would read
 * @param counts since the start
 */
public record GroupStatistics(
    int journal, long journalBytes, Map<Counter, Long> counts, List<ReplicaStatistics> replicas) {}
