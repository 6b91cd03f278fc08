package io.distkv.node;

import io.distkv.node.replica.GroupPart;
import io.distkv.node.replica.GroupStatistics;
import io.distkv.node.replica.ReplicaCounters.Counter;
import io.distkv.node.replica.ReplicaStatistics;
import io.distkv.node.session.SessionStatistics;
import io.distkv.storage.Damage;
import io.distkv.storage.cache.CacheStatistics;
import io.distkv.storage.table.TableFiles;
import java.util.List;

/**
 * A node at a moment; each lane's part as of its own.
 *
 * @param sessions by lane
 * @param groups by journal
 * @param memtableBytes of heap that writes not yet in tables take
 * @param diskUsableBytes as of the last look
 * @param diskFull whether writes that may grow the data are refused
 * @param damaged the files that were found damaged since the start, with the first finding of each
 */
public record NodeStatistics(
    List<SessionStatistics> sessions,
    List<GroupStatistics> groups,
    CacheStatistics cache,
    TableFiles.Statistics tableFiles,
    long memtableBytes,
    long diskUsableBytes,
    boolean diskFull,
    List<Damage> damaged) {

  /** The parts of all replicas in their groups. */
  public List<GroupPart> parts() {
    return groups.stream()
        .flatMap(group -> group.replicas().stream())
        .map(ReplicaStatistics::part)
        .toList();
  }

  /** A counter over all groups and sessions. */
  public long count(Counter counter) {
    long ofGroups =
        groups.stream().mapToLong(group -> group.counts().getOrDefault(counter, 0L)).sum();
    return counter == Counter.OVERLOADED ? ofGroups + refusedWrites() : ofGroups;
  }

  private long refusedWrites() {
    return sessions.stream().mapToLong(SessionStatistics::refusedWrites).sum();
  }

  /** Sessions open now. */
  public long openSessions() {
    return sessions.stream().mapToLong(SessionStatistics::open).sum();
  }

  /** Sessions opened since the start. */
  public long openedSessions() {
    return sessions.stream().mapToLong(SessionStatistics::opened).sum();
  }

  /** Commands taken since the start. */
  public long commands() {
    return sessions.stream().mapToLong(SessionStatistics::commands).sum();
  }
}
