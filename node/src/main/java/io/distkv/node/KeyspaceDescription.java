package io.distkv.node;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Reply;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.replica.Keyspace;
import io.distkv.node.replica.Refusals;
import io.distkv.node.replica.ReplicaStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What KEYSPACE DESCRIBE answers: what a keyspace is to be, and what it holds. */
final class KeyspaceDescription {
  private KeyspaceDescription() {}

  /** There is no keyspace of this name. */
  static Reply.Failure notFound(String name) {
    return Errors.of(ErrorCode.NOT_FOUND, "there is no keyspace " + name);
  }

  /** Asks the lanes of its replicas; on lane 0, where {@code done} is told. */
  static void ask(LiveKeyspaces keyspaces, Keyspace keyspace, Consumer<Reply> done) {
    keyspaces.<List<ReplicaStatistics>>onLanes(
        keyspace.entry(),
        (group, own, told) -> told.accept(group.statistics(own)),
        statistics -> {
          List<ReplicaStatistics> all = new ArrayList<>();
          statistics.values().forEach(all::addAll);
          done.accept(
              all.size() == keyspace.partitions()
                  ? of(keyspace.options(), all)
                  : missing(keyspaces, keyspace));
        });
  }

  private static Reply.Failure missing(LiveKeyspaces keyspaces, Keyspace keyspace) {
    return keyspaces.served().now().current(keyspace) == null
        ? Refusals.dropped(keyspace.name())
        : LiveKeyspaces.UNKNOWN;
  }

  private static Reply of(KeyspaceOptions options, List<ReplicaStatistics> replicas) {
    KeyspaceEstimate sum = KeyspaceEstimate.NOTHING;
    SortedMap<Integer, Reply> partitions = new TreeMap<>();
    for (ReplicaStatistics replica : replicas) {
      KeyspaceEstimate estimate = KeyspaceEstimate.of(replica.tree());
      sum = sum.plus(estimate);
      partitions.put(replica.identity().partition(), partition(replica, estimate));
    }
    List<Reply> pairs = new ArrayList<>();
    add(pairs, "name", Reply.bulk(options.name()));
    add(pairs, "number", Reply.of(options.number()));
    add(pairs, "partitions", Reply.of(options.partitions()));
    add(
        pairs,
        "durability",
        Reply.bulk(options.durability().mode().name().toLowerCase(Locale.ROOT)));
    add(pairs, "interval", Reply.of(options.durability().intervalMillis()));
    add(pairs, "history", Reply.of(options.historyMillis()));
    add(pairs, "compression", Reply.bulk(compression(options)));
    add(pairs, "maxBytes", Reply.of(options.maxBytes()));
    add(pairs, "replication", Reply.bulk("raft"));
    add(pairs, "storage", Reply.bulk("disk"));
    add(pairs, "keys", Reply.of(sum.keys()));
    add(pairs, "bytes", Reply.of(sum.bytes()));
    add(pairs, "tableBytes", Reply.of(sum.tableBytes()));
    add(pairs, "memtableBytes", Reply.of(sum.memtableBytes()));
    add(pairs, "perPartition", new Reply.Array(List.copyOf(partitions.values())));
    return new Reply.Pairs(pairs);
  }

  private static Reply partition(ReplicaStatistics replica, KeyspaceEstimate estimate) {
    List<Reply> pairs = new ArrayList<>();
    add(pairs, "partition", Reply.of(replica.identity().partition()));
    add(pairs, "keys", Reply.of(estimate.keys()));
    add(pairs, "bytes", Reply.of(estimate.bytes()));
    return new Reply.Pairs(pairs);
  }

  private static String compression(KeyspaceOptions options) {
    return options.compression().stream()
        .map(each -> each.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(","));
  }

  private static void add(List<Reply> pairs, String key, Reply value) {
    pairs.add(Reply.bulk(key));
    pairs.add(value);
  }
}
