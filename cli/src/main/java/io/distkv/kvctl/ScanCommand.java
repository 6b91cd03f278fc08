package io.distkv.kvctl;

import io.distkv.kvctl.store.Store;
import io.distkv.kvctl.text.Bytes;
import io.distkv.kvctl.wire.ConnectionException;
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
      "tab and the escaped value follow. Keys come in the order of their bytes; of those that come or",
      "go during the scan, some may be missing, unless --as-of asks for one moment."
    },
    footer = {
      "",
      "Examples:",
      "  kvctl scan --limit 20",
      "  kvctl scan --prefix user/ --values",
      "  kvctl scan --match '*:session' --count",
      "  kvctl scan --prefix user/ --as-of 2026-11-28T19:45:00Z",
      "  kvctl scan -o json | jq -r .key"
    })
final class ScanCommand extends Action {
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

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private PastOption past;

  @Option(names = "--limit", paramLabel = "N", description = "Stop after N keys.")
  private long limit = Long.MAX_VALUE;

  @Override
  protected ExitCode act() throws ConnectionException {
    if (limit < 0) {
      throw Failure.usage("--limit is " + limit + ", but it cannot be negative");
    }
    boolean values = shape != null && shape.values;
    Store.ListWish wish = new Store.ListWish(selection.selection(), limit, values, past.asOf());
    long found = 0;
    try (Store store = kvctl().connect();
        Store.Listing listing = store.list(wish)) {
      for (List<Store.Item> items = listing.next(); items != null; items = listing.next()) {
        if (!isCount()) {
          items.forEach(this::print);
        }
        found += items.size();
        shell().flush();
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

  private void print(Store.Item item) {
    byte[] value = item.value();
    if (kvctl().json()) {
      ObjectNode json = Json.put(Json.object(), "key", item.key());
      Json.print(shell(), value == null ? json : Json.put(json, "value", value));
    } else {
      String key = Bytes.escape(item.key());
      shell().line(value == null ? key : key + "\t" + Bytes.escape(value));
    }
  }
}
