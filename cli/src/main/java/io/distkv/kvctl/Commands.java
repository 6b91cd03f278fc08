package io.distkv.kvctl;

import io.distkv.kvctl.bench.BenchCommand;
import io.distkv.kvctl.transfer.ExportCommand;
import io.distkv.kvctl.transfer.ImportCommand;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands, in the order in which the help lists them. */
final class Commands {
  private static final List<Class<?>> ALL =
      List.of(
          GetCommand.class,
          PutCommand.class,
          DeleteCommand.class,
          ScanCommand.class,
          IncrCommand.class,
          TtlCommand.class,
          ExpireCommand.class,
          WatchCommand.class,
          KeyspaceCommand.class,
          ImportCommand.class,
          ExportCommand.class,
          BenchCommand.class,
          StatusCommand.class,
          ShellCommand.class,
          CompletionCommand.class,
          VersionCommand.class,
          HelpCommand.class);

  private Commands() {}

  /**
   * Adds the command that a line begins with; all of them if it begins otherwise. To read the
   * options of all takes a fifth of the time that a short command has.
   *
   * @param first of the line's words; empty for all commands
   */
  static void addTo(CommandLine line, String first) {
    List<Class<?>> wanted =
        ALL.stream().filter(each -> name(each).equals(first) && each != HelpCommand.class).toList();
    for (Class<?> each : wanted.isEmpty() ? ALL : wanted) {
      line.addSubcommand(name(each), new CommandLine(each, line.getFactory()));
    }
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }
}
