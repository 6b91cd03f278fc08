package io.distkv.kvctl;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "help",
    header = "Shows the help of kvctl, or of a command.",
    footer = {
      "",
      "Examples:",
      "  kvctl help",
      "  kvctl help import",
      "  kvctl help keyspace create"
    })
final class HelpCommand extends Action {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "The command.")
  private List<String> words = List.of();

  @Override
  protected ExitCode act() {
    CommandLine all = spec.parent().commandLine();
    CommandLine asked = all;
    for (String word : words) {
      CommandLine of = asked;
      asked = of.getSubcommands().get(word);
      if (asked == null) {
        throw Failure.usage(
            "there is no command '"
                + String.join(" ", words)
                + "'; "
                + of.getCommandSpec().qualifiedName()
                + " --help lists them");
      }
    }
    PrintWriter out = new PrintWriter(shell().out(), false, StandardCharsets.UTF_8);
    asked.usage(out, all.getColorScheme());
    out.flush();
    return ExitCode.DONE;
  }
}
