package io.distkv.kvctl;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;

@Command(
    name = "shell",
    header = "Takes commands one after the other, over one connection.",
    description = {
      "On a terminal with a history and with completion (TAB) of commands, options and names of",
      "keyspaces; from a pipe or file, a command a line. Lines are those of kvctl, without that word;",
      "the options given here hold for all of them. 'use KEYSPACE' changes the keyspace, 'exit' or",
      "Ctrl-D ends, Ctrl-C stops the command that runs. A line that begins with # is a comment.",
      "",
      "The history is kept in $XDG_STATE_HOME/distkv/kvctl_history, else",
      "~/.local/state/distkv/kvctl_history, the last 1000 lines; a line that begins with a blank is left",
      "out. From a pipe, the exit code is that of the first command that failed; the others go on."
    },
    footer = {
      "",
      "Examples:",
      "  kvctl shell",
      "  kvctl shell --keyspace events --output json",
      "  printf 'put a 1\\nget a\\n' | kvctl shell"
    })
final class ShellCommand extends Action {
  @Override
  protected ExitCode act() {
    try (ShellSession session = new ShellSession(shell(), kvctl().inherited(), keyspace())) {
      if (!shell().terminals().in()) {
        return session.script(shell().in());
      }
      return ShellPrompt.onSystemTerminal(session, shell()).run();
    } catch (IOException e) {
      throw LocalFiles.failure("read", Path.of("the commands"), e);
    }
  }

  private String keyspace() {
    return kvctl().target().keyspace();
  }
}
