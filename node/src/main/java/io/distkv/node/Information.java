package io.distkv.node;

import io.distkv.node.command.CommandTable;
import io.distkv.node.command.NodeControl.Field;
import io.distkv.node.command.NodeControl.InfoSection;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.replica.GroupPart;
import io.distkv.node.replica.GroupStatistics;
import io.distkv.node.replica.ReplicaCounters.Counter;
import io.distkv.node.replica.ReplicaStatistics;
import io.distkv.raft.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What INFO tells of a node, under the names that Redis gives these things. Any thread. */
final class Information {
  /** Named one by one; there may be more. */
  private static final int MOST_DAMAGED_FILES = 100;

  private final NodeHost host;
  private final String nodeId;

  /** The counts at the last CONFIG RESETSTAT. */
  private final AtomicReference<@Nullable NodeStatistics> zero = new AtomicReference<>();

  Information(NodeHost host, String nodeId) {
    this.host = host;
    this.nodeId = nodeId;
  }

  /** Counters count from here on. */
  void reset(NodeStatistics now) {
    zero.set(now);
  }

  List<InfoSection> sections(NodeStatistics now) {
    return List.of(
        new InfoSection("server", server()),
        new InfoSection("clients", clients(now)),
        new InfoSection("memory", memory(now)),
        new InfoSection("persistence", persistence(now)),
        new InfoSection("stats", stats(now)),
        new InfoSection("replication", replication(now)),
        new InfoSection("keyspace", keyspaces(now)));
  }

  private List<Field> server() {
    List<Field> fields = new ArrayList<>();
    fields.add(new Field("redis_version", CommandTable.REDIS_VERSION));
    fields.add(new Field("redis_mode", "standalone"));
    fields.addAll(host.serverFields());
    fields.add(new Field("run_id", nodeId));
    return fields;
  }

  private static List<Field> clients(NodeStatistics now) {
    return List.of(field("connected_clients", now.openSessions()), field("blocked_clients", 0));
  }

  private List<Field> memory(NodeStatistics now) {
    List<Field> fields = new ArrayList<>(host.memoryFields());
    fields.add(field("memtable_bytes", now.memtableBytes()));
    fields.add(field("block_cache_bytes", now.cache().usedBytes()));
    return fields;
  }

  private static List<Field> persistence(NodeStatistics now) {
    long journals = now.groups().stream().mapToLong(GroupStatistics::journalBytes).sum();
    List<Field> fields = new ArrayList<>();
    fields.add(field("loading", 0));
    fields.add(field("journal_bytes", journals));
    fields.add(field("disk_usable_bytes", now.diskUsableBytes()));
    fields.add(field("disk_full", now.diskFull() ? 1 : 0));
    fields.add(field("damaged_files", now.damaged().size()));
    for (int i = 0; i < Math.min(MOST_DAMAGED_FILES, now.damaged().size()); i++) {
      fields.add(new Field("damaged_file_" + i, now.damaged().get(i).toString()));
    }
    return fields;
  }

  private List<Field> stats(NodeStatistics now) {
    NodeStatistics since = zero.get();
    List<Field> fields = new ArrayList<>();
    fields.add(
        field(
            "total_connections_received",
            now.openedSessions() - (since == null ? 0 : since.openedSessions())));
    fields.add(
        field("total_commands_processed", now.commands() - (since == null ? 0 : since.commands())));
    fields.add(counter("keyspace_hits", now, since, Counter.HITS));
    fields.add(counter("keyspace_misses", now, since, Counter.MISSES));
    fields.add(counter("log_entries", now, since, Counter.ENTRIES));
    fields.add(counter("log_bytes", now, since, Counter.LOGGED_BYTES));
    fields.add(counter("cold_reads", now, since, Counter.COLD_READS));
    fields.add(counter("warmed_writes", now, since, Counter.WARMED_WRITES));
    fields.add(counter("throttled_writes", now, since, Counter.THROTTLED_WRITES));
    fields.add(counter("overloaded_requests", now, since, Counter.OVERLOADED));
    fields.add(counter("disk_full_requests", now, since, Counter.DISK_FULL));
    fields.add(counter("keyspace_full_requests", now, since, Counter.KEYSPACE_FULL));
    return fields;
  }

  /** What Redis has, as of a server without replicas, and then how the groups are. */
  private static List<Field> replication(NodeStatistics now) {
    List<GroupPart> parts = now.parts();
    return List.of(
        new Field("role", "master"),
        field("connected_slaves", 0),
        field("groups", parts.size()),
        field("groups_led", parts.stream().filter(part -> part.role() == Role.LEADER).count()),
        field("groups_without_leader", parts.stream().filter(part -> !part.leaderKnown()).count()),
        field("group_entries_waiting", parts.stream().mapToLong(GroupPart::waitingEntries).sum()),
        field("group_log_bytes", parts.stream().mapToLong(GroupPart::logBytes).sum()));
  }

  /** As Redis does, only those that hold something; and those that have a limit. */
  private static List<Field> keyspaces(NodeStatistics now) {
    SortedMap<Integer, KeyspaceEstimate> estimates = new TreeMap<>();
    SortedMap<Integer, Long> limits = new TreeMap<>();
    for (GroupStatistics group : now.groups()) {
      for (ReplicaStatistics replica : group.replicas()) {
        KeyspaceOptions options = replica.identity().keyspace().options();
        estimates.merge(
            options.number(), KeyspaceEstimate.of(replica.tree()), KeyspaceEstimate::plus);
        limits.put(options.number(), options.maxBytes());
      }
    }
    List<Field> fields = new ArrayList<>();
    estimates.forEach((number, estimate) -> {
      long maxBytes = limits.getOrDefault(number, 0L);
      if (estimate.keys() > 0 || maxBytes > 0) {
        fields.add(
            new Field(
                "db" + number,
                "keys=%d,expires=%d,avg_ttl=0,bytes=%d,max_bytes=%d"
                    .formatted(estimate.keys(), estimate.expiring(), estimate.bytes(), maxBytes)));
      }
    });
    return fields;
  }

  private static Field counter(
      String name, NodeStatistics now, @Nullable NodeStatistics since, Counter counter) {
    return field(name, now.count(counter) - (since == null ? 0 : since.count(counter)));
  }

  private static Field field(String name, long value) {
    return new Field(name, Long.toString(value));
  }
}
