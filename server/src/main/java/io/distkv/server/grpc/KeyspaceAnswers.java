package io.distkv.server.grpc;

import io.distkv.api.v1.Compression;
import io.distkv.api.v1.Durability;
import io.distkv.api.v1.KeyspaceDescription;
import io.distkv.api.v1.KeyspaceSettings;
import io.distkv.api.v1.ListKeyspacesResponse;
import io.distkv.node.command.Reply;
import io.distkv.server.call.BadRequestException;
import io.distkv.server.call.ReplyFields;
import java.util.List;
import java.util.Locale;

/** Puts what KEYSPACE answers into messages. */
final class KeyspaceAnswers {
  private static final String COMPRESSION = "COMPRESSION_";
  private static final String DURABILITY = "DURABILITY_";

  private KeyspaceAnswers() {}

  static KeyspaceDescription description(Reply reply) {
    ReplyFields fields = ReplyFields.of(reply);
    KeyspaceDescription.Builder description =
        KeyspaceDescription.newBuilder()
            .setName(fields.text("name"))
            .setNumber((int) fields.number("number"))
            .setPartitions((int) fields.number("partitions"))
            .setSettings(settings(fields))
            .setReplication(fields.text("replication"))
            .setStorage(fields.text("storage"))
            .setKeys(fields.number("keys"))
            .setBytes(fields.number("bytes"))
            .setTableBytes(fields.number("tableBytes"))
            .setMemtableBytes(fields.number("memtableBytes"));
    for (Reply partition : fields.list("perPartition")) {
      ReplyFields size = ReplyFields.of(partition);
      description.addPartitionSizes(
          KeyspaceDescription.Partition.newBuilder()
              .setPartition((int) size.number("partition"))
              .setKeys(size.number("keys"))
              .setBytes(size.number("bytes")));
    }
    return description.build();
  }

  private static KeyspaceSettings settings(ReplyFields fields) {
    KeyspaceSettings.Builder settings =
        KeyspaceSettings.newBuilder()
            .setDurability(
                Durability.valueOf(DURABILITY + fields.text("durability").toUpperCase(Locale.ROOT)))
            .setIntervalMillis(fields.number("interval"))
            .setHistoryMillis(fields.number("history"))
            .setMaxBytes(fields.number("maxBytes"));
    for (String word : fields.text("compression").split(",", -1)) {
      settings.addCompression(Compression.valueOf(COMPRESSION + word.toUpperCase(Locale.ROOT)));
    }
    return settings.build();
  }

  /** A way of compression as commands call it. */
  static String word(Compression compression) {
    return switch (compression) {
      case COMPRESSION_NONE, COMPRESSION_LZ4, COMPRESSION_SNAPPY, COMPRESSION_ZSTD ->
          compression.name().substring(COMPRESSION.length()).toLowerCase(Locale.ROOT);
      case COMPRESSION_UNSPECIFIED, UNRECOGNIZED ->
          throw new BadRequestException("a way of compression is none that this node knows");
    };
  }

  /** Names and numbers in turn. */
  static ListKeyspacesResponse list(Reply reply) {
    List<Reply> flat = ((Reply.Pairs) reply).flat();
    ListKeyspacesResponse.Builder list = ListKeyspacesResponse.newBuilder();
    for (int i = 0; i < flat.size(); i += 2) {
      list.addKeyspaces(
          ListKeyspacesResponse.Keyspace.newBuilder()
              .setNameBytes(Answers.bytes(flat.get(i)))
              .setNumber((int) ((Reply.Int) flat.get(i + 1)).value()));
    }
    return list.build();
  }
}
