package io.distkv.client;

import io.distkv.api.v1.ListKeyspacesResponse;
import io.distkv.client.KeyspaceDescription.PartitionSize;
import io.distkv.client.KeyspaceDescription.Sizes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Between what this client calls a keyspace and the messages of the contract. */
final class KeyspaceMessages {
  private KeyspaceMessages() {}

  static io.distkv.api.v1.KeyspaceSettings settings(KeyspaceSettings settings) {
    io.distkv.api.v1.KeyspaceSettings.Builder message =
        io.distkv.api.v1.KeyspaceSettings.newBuilder();
    settings.durability().map(KeyspaceMessages::durability).ifPresent(message::setDurability);
    settings.interval().map(Duration::toMillis).ifPresent(message::setIntervalMillis);
    settings.history().map(Duration::toMillis).ifPresent(message::setHistoryMillis);
    settings.compression().forEach(each -> message.addCompression(compression(each)));
    settings.maxBytes().ifPresent(message::setMaxBytes);
    return message.build();
  }

  static KeyspaceDescription description(io.distkv.api.v1.KeyspaceDescription message) {
    return new KeyspaceDescription(
        message.getName(),
        message.getNumber(),
        message.getPartitions(),
        settings(message.getSettings()),
        message.getReplication(),
        message.getStorage(),
        new Sizes(
            message.getKeys(),
            message.getBytes(),
            message.getTableBytes(),
            message.getMemtableBytes()),
        message.getPartitionSizesList().stream()
            .map(each -> new PartitionSize(each.getPartition(), each.getKeys(), each.getBytes()))
            .toList());
  }

  static List<KeyspaceName> names(ListKeyspacesResponse message) {
    return message.getKeyspacesList().stream()
        .map(each -> new KeyspaceName(each.getName(), each.getNumber()))
        .toList();
  }

  private static KeyspaceSettings settings(io.distkv.api.v1.KeyspaceSettings message) {
    return new KeyspaceSettings(
        durability(message.getDurability()),
        message.hasIntervalMillis()
            ? Optional.of(Duration.ofMillis(message.getIntervalMillis()))
            : Optional.empty(),
        message.hasHistoryMillis()
            ? Optional.of(Duration.ofMillis(message.getHistoryMillis()))
            : Optional.empty(),
        message.getCompressionList().stream()
            .map(KeyspaceMessages::compression)
            .flatMap(Optional::stream)
            .toList(),
        message.hasMaxBytes() ? OptionalLong.of(message.getMaxBytes()) : OptionalLong.empty());
  }

  private static io.distkv.api.v1.Durability durability(Durability durability) {
    return switch (durability) {
      case COMMIT -> io.distkv.api.v1.Durability.DURABILITY_COMMIT;
      case INTERVAL -> io.distkv.api.v1.Durability.DURABILITY_INTERVAL;
      case NONE -> io.distkv.api.v1.Durability.DURABILITY_NONE;
    };
  }

  /** Empty where a newer node has one that is not known here. */
  private static Optional<Durability> durability(io.distkv.api.v1.Durability durability) {
    return switch (durability) {
      case DURABILITY_COMMIT -> Optional.of(Durability.COMMIT);
      case DURABILITY_INTERVAL -> Optional.of(Durability.INTERVAL);
      case DURABILITY_NONE -> Optional.of(Durability.NONE);
      case DURABILITY_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }

  private static io.distkv.api.v1.Compression compression(Compression compression) {
    return switch (compression) {
      case NONE -> io.distkv.api.v1.Compression.COMPRESSION_NONE;
      case LZ4 -> io.distkv.api.v1.Compression.COMPRESSION_LZ4;
      case SNAPPY -> io.distkv.api.v1.Compression.COMPRESSION_SNAPPY;
      case ZSTD -> io.distkv.api.v1.Compression.COMPRESSION_ZSTD;
    };
  }

  private static Optional<Compression> compression(io.distkv.api.v1.Compression compression) {
    return switch (compression) {
      case COMPRESSION_NONE -> Optional.of(Compression.NONE);
      case COMPRESSION_LZ4 -> Optional.of(Compression.LZ4);
      case COMPRESSION_SNAPPY -> Optional.of(Compression.SNAPPY);
      case COMPRESSION_ZSTD -> Optional.of(Compression.ZSTD);
      case COMPRESSION_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }
}
