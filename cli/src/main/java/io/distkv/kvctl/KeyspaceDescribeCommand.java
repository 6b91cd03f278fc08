package io.distkv.kvctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "describe",
    header = "Shows what a keyspace is like, and about how much it holds.",
    description =
        "Keys are a bound from above: one that was written several times may count as several.",
    footer = {
      "",
      "Examples:",
      "  kvctl keyspace describe default",
      "  kvctl keyspace describe events --partitions",
      "  kvctl keyspace describe events -o json | jq .bytes"
    })
final class KeyspaceDescribeCommand extends KeyspaceAction {
  @Option(names = "--partitions", description = "Show the size of each partition, too.")
  private boolean partitions;

  @Parameters(
      paramLabel = "NAME",
      description = "The keyspace.",
      completionCandidates = KeyspaceNames.class)
  @SuppressWarnings("NullAway.Init")
  private String name;

  @Override
  ExitCode act() {
    KeyspaceView.print(
        kvctl(), ask("keyspace describe '" + name + "'", each -> each.describe(name)), partitions);
    return ExitCode.DONE;
  }
}
