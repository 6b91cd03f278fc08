package io.distkv.kvctl;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "help",
    header = "Shows the help of kvctl, or of a command.",
    footer = {"", "Examples:", "  kvctl help", "  kvctl help import"})
final class HelpCommand extends Action {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(paramLabel = "COMMAND", arity = "0..1", description = "The command.")
  private @Nullable String command;

  @Override
  protected ExitCode act() {
    CommandLine all = spec.parent().commandLine();
    CommandLine asked = command == null ? all : all.getSubcommands().get(command);
    if (asked == null) {
      throw Failure.usage("there is no command '" + command + "'; kvctl --help lists them");
    }
    PrintWriter out = new PrintWriter(shell().out(), false, StandardCharsets.UTF_8);
    asked.usage(out, all.getColorScheme());
    out.flush();
    return ExitCode.DONE;
  }
}
