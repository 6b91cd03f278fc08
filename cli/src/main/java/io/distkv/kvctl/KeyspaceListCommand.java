package io.distkv.kvctl;

import io.distkv.client.KeyspaceName;
import io.distkv.client.Keyspaces;
import io.distkv.kvctl.text.Table;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "list",
    header = "Lists the keyspaces, in the order of their numbers.",
    description = "With --output json: an object a line with name and number.",
    footer = {
      "",
      "Examples:",
      "  kvctl keyspace list",
      "  kvctl keyspace list -o json | jq -r .name"
    })
final class KeyspaceListCommand extends KeyspaceAction {
  @Override
  ExitCode act() {
    List<KeyspaceName> names = ask("keyspace list", Keyspaces::list);
    if (kvctl().json()) {
      names.forEach(each ->
          Json.print(shell(), Json.object().put("name", each.name()).put("number", each.number())));
      return ExitCode.DONE;
    }
    Table table = new Table("NUMBER", "KEYSPACE");
    names.forEach(each -> table.row(Integer.toString(each.number()), each.name()));
    table.lines().forEach(shell()::line);
    return ExitCode.DONE;
  }
}
