package io.distkv.server;

import io.distkv.node.NodeOptions;
import io.distkv.node.keyspace.Durability;
import io.distkv.node.keyspace.KeyspaceOptions;
import io.distkv.node.keyspace.KeyspaceWish;
import io.distkv.node.session.SizeLimits;
import io.distkv.platform.Platform;
import io.distkv.server.config.Configuration;
import io.distkv.server.config.GrpcSettings;
import io.distkv.server.config.HttpSettings;
import io.distkv.server.config.KeyspaceSettings;
import io.distkv.server.config.KeyspaceSettings.CompressionChoice;
import io.distkv.server.config.ServerSettings;
import io.distkv.server.config.SettingValues;
import io.distkv.server.grpc.GrpcServer;
import io.distkv.server.http.HttpOptions;
import io.distkv.storage.table.Compression;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Puts the configuration into the words of node and platform. */
final class NodeSettings {
  /**
   * Heap for each byte of the largest value. On its way from the client into a table, and back, a
   * value is there several times over, in the quarter of the heap that memtables, block cache and
   * clients leave: with all of them full, values of 16 MiB in a row may exhaust 20 times as much.
   */
  private static final long HEAP_PER_VALUE = 32;

  private NodeSettings() {}

  /** What to say of a heap that is too small for the values that clients may send, if it is. */
  static Optional<String> heapWarning(Configuration configuration, long heapBytes) {
    long valueBytes = configuration.get(ServerSettings.VALUE_LIMIT);
    return heapBytes >= HEAP_PER_VALUE * valueBytes
        ? Optional.empty()
        : Optional.of(
            "a heap of %d MiB may be exhausted by values of %d bytes: lower %s or give the node more memory (-Xmx)"
                .formatted(heapBytes >> 20, valueBytes, ServerSettings.VALUE_LIMIT.name()));
  }

  static Platform.Options platform(Configuration configuration) {
    Platform.Options machine = Platform.Options.forThisMachine();
    int lanes = configuration.get(ServerSettings.LANES);
    return new Platform.Options(
        lanes == 0 ? machine.laneCount() : lanes,
        machine.laneQueueTasks(),
        machine.readThreads(),
        machine.readQueueTasks(),
        // One more than compacts, so that journal segments are prepared while all of those work.
        compactionWorkers(configuration) + 1);
  }

  static NodeOptions node(Configuration configuration, OpenFiles files) {
    NodeOptions defaults = NodeOptions.defaults();
    long heapBytes = Runtime.getRuntime().maxMemory();
    List<KeyspaceOptions> keyspaces = new ArrayList<>();
    SortedMap<String, KeyspaceWish> named = new TreeMap<>();
    for (SettingValues values : configuration.keyspaces()) {
      KeyspaceOptions keyspace = keyspace(values);
      keyspaces.add(keyspace);
      named.put(keyspace.name(), named(values, keyspace));
    }
    return new NodeOptions(
        keyspaces,
        named,
        configuration.get(ServerSettings.BLOCK_CACHE).bytes(heapBytes),
        files.tables(),
        configuration.get(ServerSettings.MEMTABLES).bytes(heapBytes),
        configuration.get(ServerSettings.JOURNAL_BUDGET),
        Math.toIntExact(configuration.get(ServerSettings.JOURNAL_SEGMENT)),
        compactionWorkers(configuration),
        configuration.get(ServerSettings.IO_RATE),
        configuration.get(ServerSettings.DISK_RESERVE),
        // Clients are slowed down where they hold that much, so that they meet no refusal.
        Math.max(
            defaults.pendingBytesPerReplica(),
            configuration.get(ServerSettings.CLIENT_MEMORY).bytes(heapBytes)),
        defaults.answersInARow(),
        sizeLimits(configuration),
        configuration.get(ServerSettings.REQUEST_TIMEOUT).toNanos(),
        configuration.get(ServerSettings.ADMITTED_WAIT).toNanos(),
        defaults.tree(),
        defaults.placement(),
        defaults.raft());
  }

  /** How HTTP clients are served. */
  static HttpOptions http(
      Configuration configuration, OpenFiles files, InetSocketAddress address, long heapBytes) {
    return new HttpOptions(
        address,
        configuration.get(ServerSettings.RESP_BACKLOG),
        files.eighth(configuration.get(HttpSettings.CONNECTIONS)),
        configuration.get(HttpSettings.REQUESTS),
        // The other half is for requests that end.
        Math.clamp(
            configuration.get(HttpSettings.CONNECTIONS) / 2,
            1,
            configuration.get(HttpSettings.WATCHES)),
        configuration.get(HttpSettings.MEMORY).bytes(heapBytes),
        Math.toIntExact(configuration.get(ServerSettings.VALUE_LIMIT)),
        Math.toIntExact(configuration.get(HttpSettings.BODY_LIMIT)),
        configuration.get(HttpSettings.TIMEOUT),
        configuration.get(ServerSettings.REQUEST_TIMEOUT),
        configuration.get(HttpSettings.IDLE_TIMEOUT),
        configuration.get(HttpSettings.HOSTS),
        configuration.get(HttpSettings.CORS).stream()
            .filter(origin -> !origin.equals("off"))
            .toList());
  }

  /** How gRPC clients are served. */
  static GrpcServer.Options grpc(
      Configuration configuration,
      OpenFiles files,
      InetSocketAddress address,
      int homeLane,
      long heapBytes) {
    return new GrpcServer.Options(
        address,
        configuration.get(ServerSettings.RESP_BACKLOG),
        homeLane,
        configuration.get(GrpcSettings.CALLS),
        files.eighth(configuration.get(GrpcSettings.CONNECTIONS)),
        configuration.get(GrpcSettings.MEMORY).bytes(heapBytes),
        configuration.get(GrpcSettings.TIMEOUT),
        configuration.get(GrpcSettings.IDLE_TIMEOUT));
  }

  private static SizeLimits sizeLimits(Configuration configuration) {
    return new SizeLimits(
        Math.toIntExact(configuration.get(ServerSettings.KEY_LIMIT)),
        Math.toIntExact(configuration.get(ServerSettings.VALUE_LIMIT)),
        configuration.get(ServerSettings.BATCH_LIMIT),
        configuration.get(ServerSettings.BATCH_BYTES_LIMIT));
  }

  private static int compactionWorkers(Configuration configuration) {
    int workers = configuration.get(ServerSettings.COMPACTION_WORKERS);
    return workers == 0 ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : workers;
  }

  private static KeyspaceOptions keyspace(SettingValues values) {
    return new KeyspaceOptions(
        values.get(KeyspaceSettings.NUMBER),
        values.get(KeyspaceSettings.NAME),
        values.get(KeyspaceSettings.PARTITIONS),
        durability(values),
        values.get(KeyspaceSettings.HISTORY).toMillis(),
        values.get(KeyspaceSettings.COMPRESSION).stream().map(NodeSettings::compression).toList(),
        values.get(KeyspaceSettings.MAX_BYTES));
  }

  /** What the configuration says of a keyspace, without what it leaves to the defaults. */
  private static KeyspaceWish named(SettingValues values, KeyspaceOptions keyspace) {
    KeyspaceWish named = KeyspaceWish.NOTHING;
    if (values.isNamed(KeyspaceSettings.PARTITIONS)) {
      named = named.withPartitions(keyspace.partitions());
    }
    if (values.isNamed(KeyspaceSettings.DURABILITY)) {
      named = named.withMode(keyspace.durability().mode());
    }
    if (values.isNamed(KeyspaceSettings.INTERVAL)) {
      named = named.withIntervalMillis(values.get(KeyspaceSettings.INTERVAL).toMillis());
    }
    if (values.isNamed(KeyspaceSettings.HISTORY)) {
      named = named.withHistoryMillis(keyspace.historyMillis());
    }
    if (values.isNamed(KeyspaceSettings.COMPRESSION)) {
      named = named.withCompression(keyspace.compression());
    }
    return values.isNamed(KeyspaceSettings.MAX_BYTES)
        ? named.withMaxBytes(keyspace.maxBytes())
        : named;
  }

  private static Durability durability(SettingValues values) {
    return switch (values.get(KeyspaceSettings.DURABILITY)) {
      case COMMIT -> Durability.COMMIT;
      case INTERVAL -> Durability.interval(values.get(KeyspaceSettings.INTERVAL).toMillis());
      case NONE -> Durability.NONE;
    };
  }

  private static Compression compression(CompressionChoice choice) {
    return Compression.valueOf(choice.name());
  }
}
