package io.distkv.kvctl;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completions for the fish shell, which picocli does not make, from the same command model. */
final class FishCompletion {
  private FishCompletion() {}

  static String script(CommandLine line) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "# fish completion for kvctl; install: kvctl completion fish > ~/.config/fish/completions/kvctl.fish");
    lines.add("complete -c kvctl -f");
    commands(lines, line, "");
    return String.join("\n", lines);
  }

  /**
   * The subcommands of a command and their options, and so on downwards.
   *
   * @param parent the command's name; empty for kvctl itself
   */
  private static void commands(List<String> lines, CommandLine of, String parent) {
    String names = String.join(" ", of.getSubcommands().keySet());
    String within = parent.isEmpty() ? "" : "__fish_seen_subcommand_from " + parent + "; and ";
    for (Map.Entry<String, CommandLine> command : of.getSubcommands().entrySet()) {
      CommandSpec spec = command.getValue().getCommandSpec();
      lines.add(
          "complete -c kvctl -n '%snot __fish_seen_subcommand_from %s' -a %s -d %s"
              .formatted(
                  within, names, command.getKey(), quote(first(spec.usageMessage().header()))));
      String seen = "-n '" + within + "__fish_seen_subcommand_from " + command.getKey() + "'";
      for (OptionSpec option : spec.options()) {
        lines.add("complete -c kvctl " + seen + option(option));
      }
      commands(lines, command.getValue(), command.getKey());
    }
  }

  private static String option(OptionSpec option) {
    StringBuilder words = new StringBuilder();
    for (String name : option.names()) {
      words.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    if (option.arity().max() > 0) {
      words.append(" -r");
      Iterable<String> candidates = option.completionCandidates();
      if (candidates != null && candidates.iterator().hasNext()) {
        words.append(" -a ").append(quote(String.join(" ", candidates)));
      } else if (option.type() == Path.class) {
        words.append(" -F");
      }
    }
    return words.append(" -d ").append(quote(first(option.description()))).toString();
  }

  private static String first(String[] lines) {
    return lines.length == 0 ? "" : lines[0];
  }

  private static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
