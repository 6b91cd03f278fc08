package io.distkv.kvctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "keyspace",
    header = "Creates, lists, describes, alters and drops keyspaces.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      KeyspaceCreateCommand.class,
      KeyspaceListCommand.class,
      KeyspaceDescribeCommand.class,
      KeyspaceAlterCommand.class,
      KeyspaceDropCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  kvctl keyspace create events --partitions 8 --history 10m",
      "  kvctl keyspace list",
      "  kvctl keyspace describe events",
      "  kvctl keyspace alter events --max-bytes 10GiB",
      "  kvctl keyspace drop events events"
    })
final class KeyspaceCommand implements Runnable {
  @ParentCommand
  @SuppressWarnings("NullAway.Init")
  private Kvctl kvctl;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  Kvctl kvctl() {
    return kvctl;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "create, list, describe, alter or drop?");
  }
}
