package io.distkv.kvctl;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "completion",
    header = "Prints a script that lets the shell complete kvctl's commands and options.",
    footer = {
      "",
      "Examples:",
      "  source <(kvctl completion bash)                  # bash, for this session",
      "  kvctl completion bash > ~/.local/share/bash-completion/completions/kvctl",
      "  source <(kvctl completion zsh)                   # zsh, in ~/.zshrc after compinit",
      "  kvctl completion fish > ~/.config/fish/completions/kvctl.fish"
    })
final class CompletionCommand extends Action {
  /** The shells there are scripts for. */
  enum Kind {
    bash,
    zsh,
    fish
  }

  @Parameters(paramLabel = "SHELL", description = "One of ${COMPLETION-CANDIDATES}.")
  @SuppressWarnings("NullAway.Init")
  private Kind kind;

  @Override
  protected ExitCode act() {
    CommandLine line = Invocation.commandLine(shell(), new Clients(), KeyspaceNames.UNKNOWN, "");
    String script =
        switch (kind) {
          // Picocli's script serves both: in zsh it switches the emulation of bash's completion on.
          case bash, zsh -> AutoComplete.bash("kvctl", line);
          case fish -> FishCompletion.script(line);
        };
    shell().line(script.stripTrailing());
    return ExitCode.DONE;
  }
}
