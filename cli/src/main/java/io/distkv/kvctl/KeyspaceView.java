package io.distkv.kvctl;

import io.distkv.client.Compression;
import io.distkv.client.KeyspaceDescription;
import io.distkv.client.KeyspaceDescription.PartitionSize;
import io.distkv.client.KeyspaceSettings;
import io.distkv.kvctl.text.Durations;
import io.distkv.kvctl.text.Sizes;
import io.distkv.kvctl.text.Table;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** How keyspaces are shown. */
final class KeyspaceView {
  private static final int LABEL_WIDTH = 14;

  private KeyspaceView() {}

  static void print(Kvctl kvctl, KeyspaceDescription keyspace, boolean partitions) {
    if (kvctl.json()) {
      Json.print(kvctl.shell(), json(keyspace));
      return;
    }
    KeyspaceSettings settings = keyspace.settings();
    KeyspaceDescription.Sizes sizes = keyspace.sizes();
    Shell shell = kvctl.shell();
    row(shell, "keyspace", keyspace.name());
    row(shell, "number", Integer.toString(keyspace.number()));
    row(shell, "partitions", Integer.toString(keyspace.partitions()));
    row(shell, "replication", keyspace.replication());
    row(shell, "storage", keyspace.storage());
    row(shell, "durability", durability(settings));
    row(shell, "history", settings.history().map(KeyspaceView::time).orElse("?"));
    row(shell, "compression", compression(settings));
    long max = settings.maxBytes().orElse(0);
    row(shell, "max bytes", max == 0 ? "no limit" : Sizes.show(max));
    row(shell, "keys", "at most " + String.format(Locale.ROOT, "%,d", sizes.keys()));
    row(
        shell,
        "bytes",
        "%s (tables %s, memtables %s)"
            .formatted(
                Sizes.show(sizes.bytes()),
                Sizes.show(sizes.tableBytes()),
                Sizes.show(sizes.memtableBytes())));
    if (partitions) {
      shell.line("");
      Table table = new Table("PARTITION", "KEYS", "BYTES");
      for (PartitionSize each : keyspace.partitionSizes()) {
        table.row(
            Integer.toString(each.partition()),
            Long.toString(each.keys()),
            Sizes.show(each.bytes()));
      }
      table.lines().forEach(shell::line);
    }
  }

  private static void row(Shell shell, String label, String value) {
    shell.line(label + " ".repeat(LABEL_WIDTH - label.length()) + value);
  }

  private static String durability(KeyspaceSettings settings) {
    return settings
        .durability()
        .map(each ->
            switch (each) {
              case COMMIT -> "commit";
              case INTERVAL ->
                  "interval, every " + settings.interval().map(KeyspaceView::time).orElse("?");
              case NONE -> "none";
            })
        .orElse("?");
  }

  private static String time(Duration time) {
    return time.isZero() ? "none" : Durations.show(time);
  }

  private static String compression(KeyspaceSettings settings) {
    return settings.compression().stream().map(KeyspaceView::word).collect(Collectors.joining(","));
  }

  private static String word(Compression compression) {
    return compression.name().toLowerCase(Locale.ROOT);
  }

  private static ObjectNode json(KeyspaceDescription keyspace) {
    KeyspaceSettings settings = keyspace.settings();
    ObjectNode json =
        Json.object()
            .put("name", keyspace.name())
            .put("number", keyspace.number())
            .put("partitions", keyspace.partitions())
            .put("replication", keyspace.replication())
            .put("storage", keyspace.storage());
    settings
        .durability()
        .ifPresent(each -> json.put("durability", each.name().toLowerCase(Locale.ROOT)));
    settings.interval().ifPresent(each -> json.put("intervalMillis", each.toMillis()));
    settings.history().ifPresent(each -> json.put("historyMillis", each.toMillis()));
    var compression = json.putArray("compression");
    settings.compression().forEach(each -> compression.add(word(each)));
    settings.maxBytes().ifPresent(each -> json.put("maxBytes", each));
    json.put("keys", keyspace.sizes().keys())
        .put("bytes", keyspace.sizes().bytes())
        .put("tableBytes", keyspace.sizes().tableBytes())
        .put("memtableBytes", keyspace.sizes().memtableBytes());
    var partitions = json.putArray("partitionSizes");
    for (PartitionSize each : keyspace.partitionSizes()) {
      partitions
          .addObject()
          .put("partition", each.partition())
          .put("keys", each.keys())
          .put("bytes", each.bytes());
    }
    return json;
  }
}
