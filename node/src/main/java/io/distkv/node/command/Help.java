package io.distkv.node.command;

import java.util.ArrayList;
import java.util.List;

/** The reply of a container's HELP: one status per line. */
final class Help {
  private Help() {}

  static Reply reply(String container, List<String> lines) {
    List<Reply> all = new ArrayList<>();
    all.add(
        new Reply.Simple(container + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"));
    lines.forEach(line -> all.add(new Reply.Simple(line)));
    all.add(new Reply.Simple("HELP"));
    all.add(new Reply.Simple("    Prints this help."));
    return new Reply.Array(all);
  }
}
