package io.distkv.kvctl;

import io.distkv.kvctl.store.Store;
import io.distkv.kvctl.text.Durations;
import io.distkv.kvctl.text.Table;
import io.distkv.kvctl.wire.ConnectionException;
import io.distkv.kvctl.wire.NodeInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "status",
    header = "Shows how a node is doing.",
    description = {
      "A summary of the node's INFO, and a table of the keyspaces that hold keys.",
      "With --output json: every field of every section, as the node reports it."
    },
    footer = {
      "",
      "Examples:",
      "  kvctl status",
      "  kvctl status -o json | jq -r .Memory.used_memory"
    })
final class StatusCommand extends Action {
  private static final int LABEL_WIDTH = 14;

  @Override
  protected ExitCode act() throws ConnectionException {
    try (Store store = kvctl().connect()) {
      NodeInfo info = store.info("default");
      if (kvctl().json()) {
        printJson(info);
      } else {
        printSummary(info);
        printKeyspaces(info.section("Keyspace"));
      }
    }
    return ExitCode.DONE;
  }

  private void printJson(NodeInfo info) {
    ObjectNode all = Json.object();
    all.put("address", kvctl().target().address().toString());
    info.sections().forEach((name, fields) -> fields.forEach(all.withObjectProperty(name)::put));
    Json.print(shell(), all);
  }

  private void printSummary(NodeInfo info) {
    String product = info.isDistkv() ? "DistKV" : "Redis-compatible";
    row("address", kvctl().target().address().toString());
    row("node", info.first("node_id", "run_id"));
    row("version", join(product, info.first("distkv_version", "redis_version")));
    row("uptime", uptime(info.first("uptime_in_seconds")));
    row("process", info.first("process_id"));
    row("clients", info.first("connected_clients"));
    row("memory", join(info.first("used_memory_human"), ofMaximum(info)));
    row("resident", info.first("used_memory_rss_human"));
    row("ops/s", info.first("instantaneous_ops_per_sec"));
    row("commands", info.first("total_commands_processed"));
    row("data", info.first("data_dir", "data_directory"));
    row("disk", info.first("disk_used_human", "disk_used_bytes"));
  }

  private static @Nullable String ofMaximum(NodeInfo info) {
    String maximum = info.first("maxmemory_human");
    return maximum == null || maximum.startsWith("0") ? null : "of " + maximum;
  }

  private static @Nullable String uptime(@Nullable String seconds) {
    return seconds == null || !seconds.matches("[0-9]{1,12}")
        ? null
        : Durations.show(Duration.ofSeconds(Long.parseLong(seconds)));
  }

  private static @Nullable String join(@Nullable String left, @Nullable String right) {
    if (left == null || right == null) {
      return left;
    }
    return left + " " + right;
  }

  /** Nodes differ in what they report: a field that is not there makes no line. */
  private void row(String label, @Nullable String value) {
    if (value != null) {
      shell().line(label + " ".repeat(LABEL_WIDTH - label.length()) + value);
    }
  }

  private void printKeyspaces(Map<String, String> keyspaces) {
    if (keyspaces.isEmpty()) {
      shell().line("keyspaces     none reported");
      return;
    }
    SequencedSet<String> names = new LinkedHashSet<>();
    names.add("KEYSPACE");
    keyspaces
        .values()
        .forEach(fields -> split(fields).forEach(f -> names.add(f[0].toUpperCase(Locale.ROOT))));
    Table table = new Table(names.toArray(new String[0]));
    keyspaces.forEach((keyspace, fields) -> {
      List<String> cells = new ArrayList<>();
      for (String name : names) {
        cells.add(name.equals("KEYSPACE") ? keyspace : field(fields, name));
      }
      table.row(cells.toArray(new String[0]));
    });
    shell().line("");
    table.lines().forEach(shell()::line);
  }

  private static String field(String fields, String name) {
    return split(fields).stream()
        .filter(f -> f[0].equalsIgnoreCase(name))
        .map(f -> f[1])
        .findFirst()
        .orElse("-");
  }

  private static List<String[]> split(String fields) {
    return Arrays.stream(fields.split(",", -1))
        .map(field -> field.split("=", 2))
        .filter(parts -> parts.length == 2)
        .toList();
  }
}
