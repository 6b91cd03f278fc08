package io.distkv.kvctl;

import io.distkv.client.KeyspaceDescription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "alter",
    header = "Changes settings of a keyspace, at once and for good.",
    description = "What is not given stays as it is. Prints what the keyspace is like then.",
    footer = {
      "",
      "Examples:",
      "  kvctl keyspace alter events --history 1h",
      "  kvctl keyspace alter cache --durability interval --interval 1s --max-bytes 4GiB",
      "  kvctl keyspace alter cache --max-bytes none"
    })
final class KeyspaceAlterCommand extends KeyspaceAction {
  @Mixin
  @SuppressWarnings("NullAway.Init")
  private SettingOptions settings;

  @Parameters(
      paramLabel = "NAME",
      description = "The keyspace.",
      completionCandidates = KeyspaceNames.class)
  @SuppressWarnings("NullAway.Init")
  private String name;

  @Override
  ExitCode act() {
    if (!settings.isGiven()) {
      throw Failure.usage(
          "nothing to change: give --durability, --interval, --history, --compression or --max-bytes");
    }
    KeyspaceDescription altered =
        ask("keyspace alter '" + name + "'", each -> each.alter(name, settings::on));
    KeyspaceView.print(kvctl(), altered, false);
    return ExitCode.DONE;
  }
}
