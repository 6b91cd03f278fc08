package io.distkv.contract;

import io.distkv.client.Compression;
import io.distkv.client.Durability;
import io.distkv.client.KeyspaceDescription;
import io.distkv.client.KeyspaceOptions;
import io.distkv.client.KeyspaceSettings;
import io.distkv.client.Keyspaces;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The keyspaces themselves, by the Java client. */
final class JavaKeyspaces {
  private JavaKeyspaces() {}

  static Answer ask(Keyspaces keyspaces, Operation.OfKeyspaces operation) {
    return switch (operation) {
      case Operation.CreateKeyspace create ->
          described(keyspaces.create(create.name(), options -> options(options, create)));
      case Operation.AlterKeyspace alter ->
          described(
              keyspaces.alter(alter.name(), settings -> settings(settings, alter.settings())));
      case Operation.DropKeyspace drop -> {
        keyspaces.drop(drop.name(), drop.nameAgain());
        yield new Answer.Done();
      }
      case Operation.DescribeKeyspace describe -> described(keyspaces.describe(describe.name()));
      case Operation.FindKeyspace find ->
          keyspaces.list().stream().anyMatch(each -> each.name().equals(find.name()))
              ? new Answer.Done()
              : new Answer.Nothing();
    };
  }

  private static KeyspaceOptions options(KeyspaceOptions options, Operation.CreateKeyspace create) {
    KeyspaceOptions chosen =
        create.partitions() == null ? options : options.partitions(create.partitions());
    return chosen.settings(settings -> settings(settings, create.settings()));
  }

  private static KeyspaceSettings settings(KeyspaceSettings unset, Map<String, String> settings) {
    KeyspaceSettings chosen = unset;
    for (Map.Entry<String, String> each : settings.entrySet()) {
      String value = each.getValue();
      chosen =
          switch (each.getKey()) {
            case "durability" ->
                chosen.durability(Durability.valueOf(value.toUpperCase(Locale.ROOT)));
            case "interval" -> chosen.interval(Duration.ofMillis(Long.parseLong(value)));
            case "history" -> chosen.history(Duration.ofMillis(Long.parseLong(value)));
            case "max-bytes" -> chosen.maxBytes(Long.parseLong(value));
            case "compression" ->
                chosen.compression(
                    Arrays.stream(value.split(",", -1))
                        .map(level -> Compression.valueOf(level.toUpperCase(Locale.ROOT)))
                        .toArray(Compression[]::new));
            default ->
                throw new IllegalStateException("no setting of a keyspace: " + each.getKey());
          };
    }
    return chosen;
  }

  private static Answer described(KeyspaceDescription description) {
    KeyspaceSettings settings = description.settings();
    Map<String, String> fields = new TreeMap<>();
    fields.put("partitions", Integer.toString(description.partitions()));
    fields.put("durability", word(settings.durability().orElseThrow()));
    fields.put("interval", millis(settings.interval().orElseThrow()));
    fields.put("history", millis(settings.history().orElseThrow()));
    fields.put(
        "compression",
        settings.compression().stream().map(JavaKeyspaces::word).collect(Collectors.joining(",")));
    fields.put("max-bytes", Long.toString(settings.maxBytes().orElseThrow()));
    return new Answer.Described(fields);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }
}
