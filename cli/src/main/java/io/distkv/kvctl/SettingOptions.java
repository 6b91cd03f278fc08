package io.distkv.kvctl;

import io.distkv.client.Compression;
import io.distkv.client.Durability;
import io.distkv.client.KeyspaceSettings;
import io.distkv.kvctl.text.Durations;
import io.distkv.kvctl.text.Sizes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be set of a keyspace. */
final class SettingOptions {
  /** When a write is acknowledged, in the words of the configuration. */
  enum DurabilityWord {
    commit,
    interval,
    none
  }

  private static final String NOTHING = "none";

  @Option(
      names = "--durability",
      paramLabel = "WHEN",
      description = "Acknowledge writes once they are synced: ${COMPLETION-CANDIDATES}.")
  private @Nullable DurabilityWord durability;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      description = "With durability interval: how long a write waits for its sync at most.")
  private @Nullable Duration interval;

  @Option(
      names = "--history",
      paramLabel = "TIME|none",
      description = "How long old values can still be read and watched from.")
  private @Nullable String history;

  @Option(
      names = "--compression",
      paramLabel = "NAME,...",
      description =
          "Of tables by level, the last going for all deeper ones: none, lz4, snappy, zstd.")
  private @Nullable String compression;

  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE|none",
      description = "What it may take on a node, such as 10GiB.")
  private @Nullable String maxBytes;

  /** Whether anything is set. */
  boolean isGiven() {
    return durability != null
        || interval != null
        || history != null
        || compression != null
        || maxBytes != null;
  }

  /** What is given, in addition to other settings. */
  KeyspaceSettings on(KeyspaceSettings settings) {
    try {
      KeyspaceSettings all = settings;
      if (durability != null) {
        all = all.durability(Durability.valueOf(durability.name().toUpperCase(Locale.ROOT)));
      }
      if (interval != null) {
        all = all.interval(interval);
      }
      if (history != null) {
        all = all.history(history.equals(NOTHING) ? Duration.ZERO : Durations.parse(history));
      }
      if (compression != null) {
        all = all.compression(levels(compression));
      }
      if (maxBytes != null) {
        all = all.maxBytes(maxBytes.equals(NOTHING) ? 0 : Sizes.parse(maxBytes));
      }
      return all;
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage()));
    }
  }

  private static Compression[] levels(String words) {
    return Arrays.stream(words.split(",", -1))
        .map(SettingOptions::level)
        .toArray(Compression[]::new);
  }

  private static Compression level(String word) {
    List<Compression> all = List.of(Compression.values());
    return all.stream()
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(word))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "--compression is '%s', but it is made of none, lz4, snappy and zstd"
                    .formatted(word)));
  }
}
