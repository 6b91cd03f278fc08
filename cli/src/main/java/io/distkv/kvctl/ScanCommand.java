package io.distkv.kvctl;

import io.distkv.kvctl.text.Bytes;
import io.distkv.kvctl.wire.ConnectionException;
import io.distkv.kvctl.wire.KeyScan;
import io.distkv.kvctl.wire.ServerError;
import io.distkv.kvctl.wire.Verb;
import io.distkv.kvctl.wire.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "scan",
    header = "Lists keys, and values if wanted, as they are found.",
    description = {
      "A line for each key, escaped (\\n, \\xNN ...), so that any key is one line; with --values a",
      "tab and the escaped value follow. Keys that come or go during the scan may be missing, and the",
      "order is the node's own; `kvctl export` sorts."
    },
    footer = {
      "",
      "Examples:",
      "  kvctl scan --limit 20",
      "  kvctl scan --prefix user/ --values",
      "  kvctl scan --match '*:session' --count",
      "  kvctl scan -o json | jq -r .key"
    })
final class ScanCommand extends Action {
  private static final int BATCH = 1000;

  static final class Shape {
    @Option(names = "--keys-only", description = "Print keys without values (the default).")
    boolean keysOnly;

    @Option(names = "--values", description = "Print values, too.")
    boolean values;

    @Option(names = "--count", description = "Print only how many keys there are.")
    boolean count;
  }

  @ArgGroup private @Nullable Shape shape;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private KeySelection selection;

  @Option(names = "--limit", paramLabel = "N", description = "Stop after N keys.")
  private long limit = Long.MAX_VALUE;

  @Override
  protected ExitCode act() throws ConnectionException {
    byte[] glob = selection.glob();
    if (limit < 0) {
      throw Failure.usage("--limit is " + limit + ", but it cannot be negative");
    }
    long found = 0;
    try (Wire wire = kvctl().connect()) {
      int batch = Math.clamp(limit, 10, BATCH);
      KeyScan scan = new KeyScan(wire, glob, batch);
      List<byte[]> keys = limit == 0 ? null : scan.next();
      while (keys != null) {
        long wanted = Math.min(keys.size(), limit - found);
        found += print(wire, keys.subList(0, (int) wanted));
        shell().flush();
        keys = found >= limit ? null : scan.next();
      }
    }
    if (isCount()) {
      if (kvctl().json()) {
        Json.print(shell(), Json.object().put("count", found));
      } else {
        shell().line(Long.toString(found));
      }
    }
    return ExitCode.DONE;
  }

  private boolean isCount() {
    return shape != null && shape.count;
  }

  private long print(Wire wire, List<byte[]> keys) throws ConnectionException {
    if (isCount()) {
      return keys.size();
    }
    if (shape == null || !shape.values) {
      keys.forEach(this::printKey);
      return keys.size();
    }
    long printed = 0;
    // One value at a time: a batch of the largest values would not fit into memory.
    for (byte[] key : keys) {
      Object reply = wire.tryCall(Verb.GET, key);
      if (reply instanceof ServerError error) {
        throw error.failure("get '" + Bytes.escape(key) + "'");
      }
      if (reply instanceof byte[] value) {
        printPair(key, value);
        printed++;
      }
    }
    return printed;
  }

  private void printKey(byte[] key) {
    if (kvctl().json()) {
      Json.print(shell(), Json.put(Json.object(), "key", key));
    } else {
      shell().line(Bytes.escape(key));
    }
  }

  private void printPair(byte[] key, byte[] value) {
    if (kvctl().json()) {
      ObjectNode pair = Json.put(Json.object(), "key", key);
      Json.print(shell(), Json.put(pair, "value", value));
    } else {
      shell().line(Bytes.escape(key) + "\t" + Bytes.escape(value));
    }
  }
}
