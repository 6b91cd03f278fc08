package io.distkv.server.metrics;

import static io.distkv.server.metrics.Snapshots.count;
import static io.distkv.server.metrics.Snapshots.counter;
import static io.distkv.server.metrics.Snapshots.gauge;
import static io.distkv.server.metrics.Snapshots.level;

import io.distkv.node.Node;
import io.distkv.node.NodeStatistics;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.replica.GroupPart;
import io.distkv.node.replica.GroupStatistics;
import io.distkv.node.replica.ReplicaCounters.Counter;
import io.distkv.node.replica.ReplicaStatistics;
import io.distkv.raft.Role;
import io.distkv.storage.tree.TreeStatistics;
import io.distkv.storage.tree.TreeStatistics.LevelStatistics;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The figures of the node itself: its journals, caches, trees and keyspaces. */
public final class NodeMetrics implements MetricSource {
  private static final Logger LOG = LoggerFactory.getLogger(NodeMetrics.class);
  private static final long PATIENCE_SECONDS = 5;

  private final Node node;

  public NodeMetrics(Node node) {
    this.node = node;
  }

  /** Waits for the lanes, each of which tells its own figures. */
  @Override
  public void collect(Consumer<MetricSnapshot> into) {
    CompletableFuture<NodeStatistics> asked = new CompletableFuture<>();
    node.statistics(asked::complete);
    try {
      NodeStatistics now = asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      counts(now, into);
      groups(now, into);
      memory(now, into);
      trees(now, into);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("the node's figures are missing from this scrape: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void counts(NodeStatistics now, Consumer<MetricSnapshot> into) {
    into.accept(counter("distkv_commands", "Commands taken", now.commands()));
    CounterSnapshot.Builder events =
        CounterSnapshot.builder().name("distkv_node_events").help("What happened to requests");
    for (Counter counter : Counter.values()) {
      events.dataPoint(count(now.count(counter), "event", counter.name().toLowerCase(Locale.ROOT)));
    }
    into.accept(events.build());
    into.accept(
        gauge(
            "distkv_journal_bytes",
            "What a restart would read again",
            now.groups().stream().mapToLong(GroupStatistics::journalBytes).sum()));
    into.accept(gauge("distkv_disk_full", "1 while writes are refused", now.diskFull() ? 1L : 0L));
    into.accept(
        gauge(
            "distkv_damaged_files",
            "Files found damaged since the start; INFO persistence and /readyz name them",
            now.damaged().size()));
  }

  private static void groups(NodeStatistics now, Consumer<MetricSnapshot> into) {
    GaugeSnapshot.Builder roles =
        GaugeSnapshot.builder()
            .name("distkv_groups")
            .help("Raft groups that this node takes part in, by its role in them");
    for (Role role : Role.values()) {
      long count = now.parts().stream().filter(part -> part.role() == role).count();
      roles.dataPoint(level(count, "role", role.name().toLowerCase(Locale.ROOT)));
    }
    into.accept(roles.build());
    into.accept(
        gauge(
            "distkv_groups_without_leader",
            "Groups of which this node knows no leader",
            now.parts().stream().filter(part -> !part.leaderKnown()).count()));
    into.accept(
        gauge(
            "distkv_group_entries_waiting",
            "Entries of the groups' logs that are not applied here",
            now.parts().stream().mapToLong(GroupPart::waitingEntries).sum()));
    into.accept(
        gauge(
            "distkv_group_log_bytes",
            "Memory of log entries that are kept for members that lag",
            now.parts().stream().mapToLong(GroupPart::logBytes).sum()));
  }

  private static void memory(NodeStatistics now, Consumer<MetricSnapshot> into) {
    into.accept(
        gauge("distkv_memtable_bytes", "Memory of writes not yet in tables", now.memtableBytes()));
    into.accept(
        gauge("distkv_block_cache_bytes", "Memory of cached blocks", now.cache().usedBytes()));
    into.accept(
        counter("distkv_block_cache_hits", "Blocks found in the cache", now.cache().hits()));
    into.accept(
        counter("distkv_block_cache_misses", "Blocks read from disk", now.cache().misses()));
    into.accept(
        counter("distkv_block_cache_evictions", "Blocks pushed out", now.cache().evictions()));
    into.accept(gauge("distkv_table_files_open", "Open files of tables", now.tableFiles().open()));
    into.accept(
        counter(
            "distkv_table_files_opened",
            "Times that a file of a table was opened",
            now.tableFiles().opened()));
  }

  /** Sums over the partitions of each keyspace. */
  private static void trees(NodeStatistics now, Consumer<MetricSnapshot> into) {
    GaugeSnapshot.Builder tableBytes =
        GaugeSnapshot.builder().name("distkv_level_bytes").help("Bytes of tables by level");
    GaugeSnapshot.Builder tables =
        GaugeSnapshot.builder().name("distkv_level_tables").help("Tables by level");
    GaugeSnapshot.Builder entries =
        GaugeSnapshot.builder()
            .name("distkv_keyspace_table_entries")
            .help("Entries in tables, old versions and tombstones included");
    GaugeSnapshot.Builder debt =
        GaugeSnapshot.builder()
            .name("distkv_compaction_debt_bytes")
            .help("Bytes that compactions have to move for every level to be within its measure");
    GaugeSnapshot.Builder pressure =
        GaugeSnapshot.builder()
            .name("distkv_write_pressure")
            .help("How far upkeep is behind: above 0 writers are slowed down, at 1 to the least");
    GaugeSnapshot.Builder bytes =
        GaugeSnapshot.builder()
            .name("distkv_keyspace_bytes")
            .help("Tables and memtables: what the limit is compared with");
    GaugeSnapshot.Builder maxBytes =
        GaugeSnapshot.builder()
            .name("distkv_keyspace_max_bytes")
            .help("Where writes are refused; only for keyspaces that have a limit");
    byKeyspace(now)
        .forEach((name, sums) -> {
          for (int i = 0; i < sums.levels.size(); i++) {
            String[] labels = {"keyspace", name, "level", String.valueOf(i)};
            tableBytes.dataPoint(level(sums.levels.get(i).bytes, labels));
            tables.dataPoint(level(sums.levels.get(i).tables, labels));
          }
          entries.dataPoint(level(sums.entries, "keyspace", name));
          bytes.dataPoint(level(sums.bytes, "keyspace", name));
          if (sums.maxBytes > 0) {
            maxBytes.dataPoint(level(sums.maxBytes, "keyspace", name));
          }
          debt.dataPoint(level(sums.debtBytes, "keyspace", name));
          pressure.dataPoint(level(sums.pressure, "keyspace", name));
        });
    into.accept(tableBytes.build());
    into.accept(tables.build());
    into.accept(entries.build());
    into.accept(bytes.build());
    into.accept(maxBytes.build());
    into.accept(debt.build());
    into.accept(pressure.build());
  }

  private static Map<String, KeyspaceSums> byKeyspace(NodeStatistics now) {
    Map<String, KeyspaceSums> sums = new TreeMap<>();
    for (GroupStatistics group : now.groups()) {
      for (ReplicaStatistics replica : group.replicas()) {
        KeyspaceOptions options = replica.identity().keyspace().options();
        sums.computeIfAbsent(options.name(), key -> new KeyspaceSums(options.maxBytes()))
            .add(replica.tree());
      }
    }
    return sums;
  }

  /** The trees of one keyspace together. */
  private static final class KeyspaceSums {
    private final List<LevelSums> levels = new ArrayList<>();
    private long entries;
    private long debtBytes;
    private double pressure;
    private long bytes;
    private final long maxBytes;

    KeyspaceSums(long maxBytes) {
      this.maxBytes = maxBytes;
    }

    void add(TreeStatistics tree) {
      for (int i = 0; i < tree.levels().size(); i++) {
        if (i == levels.size()) {
          levels.add(new LevelSums());
        }
        LevelStatistics level = tree.levels().get(i);
        levels.get(i).tables += level.tables();
        levels.get(i).bytes += level.bytes();
        entries += level.entries();
      }
      bytes += tree.sizeBytes();
      debtBytes += tree.debtBytes();
      pressure = Math.max(pressure, tree.pressure());
    }
  }

  private static final class LevelSums {
    private long tables;
    private long bytes;
  }
}
