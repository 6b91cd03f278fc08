package io.distkv.kvctl;

import io.distkv.client.KeyspaceDescription;
import io.distkv.client.KeyspaceOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "create",
    header = "Creates a keyspace.",
    description = {
      "What is not given has its default: one partition, the next number, durability commit, no",
      "history, lz4, no limit. The number of partitions is for good; all else can be altered."
    },
    footer = {
      "",
      "Examples:",
      "  kvctl keyspace create sessions",
      "  kvctl keyspace create events --partitions 8 --history 10m --compression lz4,zstd"
    })
final class KeyspaceCreateCommand extends KeyspaceAction {
  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "1",
      description = "Into how many parts it is split, a power of two up to 4096 (default: 1).")
  private int partitions;

  @Option(
      names = "--number",
      paramLabel = "N",
      description = "The number by which Redis clients select it, up to 9999.")
  private @Nullable Integer number;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private SettingOptions settings;

  @Parameters(
      paramLabel = "NAME",
      description = "A small letter, then up to 62 small letters, digits, - or _.")
  @SuppressWarnings("NullAway.Init")
  private String name;

  @Override
  ExitCode act() {
    KeyspaceDescription made =
        ask("keyspace create '" + name + "'", each -> each.create(name, this::options));
    if (kvctl().json()) {
      KeyspaceView.print(kvctl(), made, false);
    } else {
      shell().line("created keyspace %s, number %d".formatted(made.name(), made.number()));
    }
    return ExitCode.DONE;
  }

  private KeyspaceOptions options(KeyspaceOptions unset) {
    try {
      KeyspaceOptions options = unset.partitions(partitions).settings(settings::on);
      return number == null ? options : options.number(number);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage()));
    }
  }
}
