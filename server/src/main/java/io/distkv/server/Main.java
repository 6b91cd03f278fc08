package io.distkv.server;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line of the server. */
@Command(
    name = "distkv",
    description = "DistKV: a durable key-value server that Redis clients can use.",
    subcommands = {
      StartCommand.class,
      VerifyCommand.class,
      InspectCommand.class,
      VersionCommand.class,
      HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = "%n`./distkv simulate --help` tells how to hunt for crash bugs in a simulated node.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done: stopped as asked, or nothing wrong was found",
      "1:the node could not start or go on (disk, damaged data)",
      "2:wrong command line",
      "3:verify found damage",
      "69:a port or the data folder is in use",
      "70:a defect in DistKV",
      "78:wrong configuration",
      "130:ended by a second signal"
    })
public final class Main {

  private Main() {}

  /** Runs one command and ends the process with its exit status. */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  static int run(List<String> arguments) {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler((exception, command, parsed) -> {
      if (exception instanceof StartFailure failure) {
        command.getErr().println("distkv: " + failure.getMessage());
        return failure.status().value();
      }
      command.getErr().println("distkv: this is a defect of DistKV:");
      exception.printStackTrace(command.getErr());
      return ExitStatus.DEFECT.value();
    });
    if (arguments.isEmpty()) {
      line.usage(line.getErr());
      return ExitStatus.USAGE.value();
    }
    return line.execute(arguments.toArray(String[]::new));
  }
}
